BeforeAll {
    . $PSScriptRoot/common.ps1
    $model = New-TinyModel

    # Runs a block with a rendering of its own.
    function Invoke-WithRendering {
        param([string] $Rendering, [scriptblock] $Script)
        $saved = $PSStyle.OutputRendering
        try {
            $PSStyle.OutputRendering = $Rendering
            & $Script
        }
        finally { $PSStyle.OutputRendering = $saved }
    }
}

Describe 'Show-GptTensor' {
    It 'draws a matrix in shades and numbers where there are no colours' {
        $lines = Invoke-WithRendering PlainText { New-GptTensor -Value (0, 1), (2, 4) | Show-GptTensor }
        $lines[1..3] | Should -Be '       0      1', '0      0 ░░1.00', '1 ▒▒2.00 ██4.00'
    }

    It 'draws in colours where they are wanted' {
        $lines = Invoke-WithRendering Ansi { New-GptTensor -Value (0, 1), (2, 4) | Show-GptTensor }
        $lines[3] | Should -Match '\e\[48;2;253;231;37'
    }

    It 'honours NO_COLOR' {
        $command = "Import-Module '$((Get-Module PsGpt).ModuleBase)'; New-GptTensor -Value 1, 2 | Show-GptTensor"
        try {
            $env:NO_COLOR = '1'
            (Invoke-PowerShell $command) -join "`n" | Should -Not -Match '\e'
        }
        finally { Remove-Item Env:NO_COLOR }
    }

    It 'labels rows by tokens and draws every tensor of the pipeline, at most 79 columns wide' {
        $lines = Invoke-WithRendering PlainText { $model | Get-GptActivation 'the fox' encoded, att | Show-GptTensor }
        $lines[0] | Should -Be 'encoded (7 x 16)'
        $lines[[array]::IndexOf($lines, 'h.0.att[0] (7 x 7)') - 1] | Should -Be ''
        $lines[5] | Should -Match '^· '
        $lines | Should -Contain 'h.0.att[1] (7 x 7)'
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 79
    }

    It 'averages a tensor that is too large, and says so' {
        $lines = Invoke-WithRendering PlainText { $model | Get-GptTensor h.0.mlp.c_fc.weight | Show-GptTensor -Width 40 -Height 4 }
        $lines.Count | Should -Be 9
        $lines[-1] | Should -Be 'Each cell is the mean of 4 x 3 values.'
    }

    It 'uses ASCII alone where it is asked to' {
        Invoke-WithRendering PlainText { $model | Get-GptActivation 'the fox' att | Show-GptTensor -Ascii } |
            Should -Not -Match '[^\x00-\x7f]'
    }

    It 'reports a freed model and draws the next tensor' {
        $freed = New-TinyModel
        $tensor = $freed | Get-GptTensor wte
        $freed.Dispose()
        $problem = Get-ErrorOf { $script:lines = $tensor, (New-GptTensor -Value 1, 2) | Show-GptTensor }
        $problem.FullyQualifiedErrorId | Should -BeLike 'ObjectDisposed,*'
        $lines | Should -Contain 'tensor (2)'
    }
}

Describe 'Show-GptAttention' {
    It 'draws a map for each head, labelled by token' {
        $lines = Invoke-WithRendering PlainText { Show-GptAttention 'the fox' -Model $model }
        $lines | Where-Object { $_ -match '^layer' } | Should -Be 'layer 0, head 0', 'layer 0, head 1'
        $lines[1] | Should -Match '^\s+t\s+h\s+e\s+·\s+f\s+o\s+x$'
        $lines[2] | Should -Be 't ██1.00      0      0      0      0      0      0'
    }

    It 'shows the numbers of Get-GptActivation' {
        $att = Get-GptActivation 'the fox' h.0.att -Model $model
        $lines = Invoke-WithRendering PlainText { $model | Show-GptAttention 'the fox' -Layer 0 -Head 1 }
        $lines | Where-Object { $_ -match '^layer' } | Should -Be 'layer 0, head 1'
        $numbers = [regex]::Matches($lines[8], '\d\.\d\d').Value
        $numbers | Should -Be $att[1, 6].ToArray().ForEach({ $_.ToString('0.00', [cultureinfo]::InvariantCulture) })
    }

    It 'reports a layer or a head that is not there' {
        (Get-ErrorOf { Show-GptAttention fox -Model $model -Layer 1 }).FullyQualifiedErrorId | Should -BeLike 'LayerNotFound,*'
        (Get-ErrorOf { Show-GptAttention fox -Model $model -Head 2 }).FullyQualifiedErrorId | Should -BeLike 'HeadNotFound,*'
    }
}
