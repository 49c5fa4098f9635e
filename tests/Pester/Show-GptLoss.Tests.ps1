BeforeAll {
    . $PSScriptRoot/common.ps1
    $errorClass = 'PsGpt.Commands.ShowGptLossCommand'
    $tokens = New-TinyText 2000 | ConvertTo-GptTokens -Model (New-TinyModel)
    $steps = New-TinyModel | Start-GptTraining -Tokens $tokens -Steps 12 -ValidationInterval 4
}

Describe 'Show-GptLoss' {
    It 'draws steps from the pipeline as strings of the given size' {
        $lines = $steps | Show-GptLoss -Width 60 -Height 12
        $lines | Should -HaveCount 12
        $lines[0] | Should -BeOfType string
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 60
        $lines[-1] | Should -Match 'step  ⠒ loss  ● validation$'
        ($lines[0..8] -join '').Replace('●', '').Length | Should -Be (($lines[0..8] -join '').Length - 3)
    }

    It 'draws the same of steps that went through <Way>' -TestCases @(
        @{ Way = 'CSV'; Script = { $steps | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ Way = 'JSON'; Script = { $steps | ConvertTo-Json | ConvertFrom-Json } }
        @{ Way = 'a job'; Script = {
                $serializer = [System.Management.Automation.PSSerializer]
                $serializer::Deserialize($serializer::Serialize($steps))
            }
        }
        @{ Way = 'an argument'; Script = { , $steps } }
    ) {
        $expected = $steps | Show-GptLoss -Width 60
        (& $Script) | Show-GptLoss -Width 60 | Should -Be $expected
        Show-GptLoss (& $Script) -Width 60 | Should -Be $expected
    }

    It 'reads numbers as a country writes them' {
        $before = [cultureinfo]::CurrentCulture
        try {
            $german = [cultureinfo]::InvariantCulture.Clone()
            $german.NumberFormat.NumberDecimalSeparator = ','
            [cultureinfo]::CurrentCulture = $german
            $german = [pscustomobject]@{ Step = '1'; Loss = '2,5' }, [pscustomobject]@{ Step = '2'; Loss = '1.5' }
            $lines = $german | Show-GptLoss -Ascii
            $lines -match '^2\.4 \|' | Should -HaveCount 1
        }
        finally {
            [cultureinfo]::CurrentCulture = $before
        }
    }

    It 'uses ASCII alone with -Ascii' {
        $steps | Show-GptLoss -Ascii | ForEach-Object { $_ | Should -Match '^[ -~]*$' }
    }

    It 'has a logarithmic scale' {
        $lines = 1, 10, 100 | ForEach-Object { [pscustomobject]@{ Step = $_; Loss = $_ } } | Show-GptLoss -LogScale -Height 14
        $lines[5] | Should -Match '^ 10 │'
    }

    It 'draws where there is no window' {
        $lines = [powershell]::Create().AddScript('param($module, $steps) Import-Module $module; $steps | Show-GptLoss').
            AddArgument((Get-Module PsGpt).Path).AddArgument($steps).Invoke()
        $lines | Should -HaveCount 20
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
    }

    It 'draws several runs apart, with their names' {
        $lines = $steps, $steps[0..5] | Show-GptLoss -RunName long, short -Width 60
        $lines[-1] | Should -Be ' step  a long  b short  (capitals: validation)'
        ($lines -match '^[^a]*b').Count | Should -BeGreaterThan 0
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 60
    }

    It 'says how many losses are no numbers' {
        $lines = ('NaN', 1), (2, 2), (1, 3) | ForEach-Object { [pscustomobject]@{ Step = $_[1]; Loss = $_[0] } } | Show-GptLoss
        $lines[-1] | Should -Match '\(1 not shown\)'
    }

    It 'says <Id> (<Category>)' -TestCases @(
        @{ Id = 'ChartEmpty'; Category = 'InvalidData'; Script = { @() | Show-GptLoss } }
        @{ Id = 'ChartEmpty'; Category = 'InvalidData'; Script = { [pscustomobject]@{ Step = 1; Loss = [double]::NaN } | Show-GptLoss } }
        @{ Id = 'NotATrainingStep'; Category = 'InvalidArgument'; Script = { 'x' | Show-GptLoss } }
        @{ Id = 'NotATrainingStep'; Category = 'InvalidArgument'; Script = { [pscustomobject]@{ Step = 1; Loss = 'high' } | Show-GptLoss } }
        @{ Id = 'ParameterArgumentTransformationError'; Category = 'InvalidData'; Script = { $steps | Show-GptLoss -Width 5 } }
    ) {
        $records = @(Get-ErrorOf $Script)
        $records | Should -HaveCount 1
        $records[0].FullyQualifiedErrorId | Should -Be "$Id,$errorClass"
        $records[0].CategoryInfo.Category | Should -Be $Category
    }

    It 'draws the other steps when one is none' {
        $lines = @('x') + $steps | Show-GptLoss -Width 60 -ErrorAction Ignore
        $lines | Should -Be ($steps | Show-GptLoss -Width 60)
    }
}
