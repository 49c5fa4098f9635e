BeforeAll {
    . $PSScriptRoot/common.ps1

    # Runs a command as somebody who may not write everywhere: an administrator of Linux gives that right up first.
    function Invoke-Unprivileged {
        param([string] $Command)
        $shell = 'dotnet', (Join-Path $PSHOME 'pwsh.dll'), '-NoProfile', '-NonInteractive', '-Command', $Command
        if ((id -u) -eq 0) { $shell = @('setpriv', '--bounding-set', '-dac_override,-dac_read_search', '--') + $shell }
        & $shell[0] $shell[1..($shell.Count - 1)] 2>&1 | Out-String -Width 1000
    }
}

Describe 'A folder that may not be written' -Skip:($IsWindows -or ((id -u) -eq 0 -and !(Get-Command setpriv -ErrorAction Ignore))) {
    BeforeAll {
        $folder = New-Item -ItemType Directory "$TestDrive/closed"
        Set-Content "$folder/recipe.psd1" '@{ Description = "closed" }'
        $module = (Get-Module PsGpt).Path
    }

    AfterAll { chmod 755 $folder }

    It 'is told by -WhatIf of each export and of a training with checkpoints' {
        chmod 555 $folder
        $said = Invoke-Unprivileged @"
            Import-Module '$module'
            Set-Location '$folder'
            Import-GptModel | Export-GptModel model -WhatIf
            Import-GptModel | Export-GptModel deep/model -WhatIf
            Import-GptModel | Export-GptTokenizer tokenizer.json -WhatIf
            'a' | ConvertTo-GptTokens | Export-GptTokens tokens.bin -WhatIf
            [pscustomobject]@{ Step = 1; Loss = 2.0 } | Export-GptChart chart.svg -WhatIf
            Start-GptTraining -Steps 1 -CheckpointPath run -WhatIf -WarningAction Ignore
"@
        $told = [regex]::Matches($said, "would fail: '[^']*' cannot be written: you may not write in '[^']*closed'")
        $told.Count | Should -Be 6 -Because $said
        Get-ChildItem $folder | ForEach-Object Name | Should -Be 'recipe.psd1'
    }

    It 'is told by -WhatIf where it is not there' {
        $said = Invoke-Unprivileged @"
            Import-Module '$module'
            Set-Location '$TestDrive'
            Import-GptModel | Export-GptModel no/model.bin -Format llm.c -WhatIf
            Import-GptModel | Export-GptModel deep/model -WhatIf
            Import-GptModel | Export-GptTokenizer no/tokenizer.json -WhatIf
            'a' | ConvertTo-GptTokens | Export-GptTokens no/tokens.bin -WhatIf
            [pscustomobject]@{ Step = 1; Loss = 2.0 } | Export-GptChart no/chart.svg -WhatIf
"@
        [regex]::Matches($said, "would fail: '[^']*' cannot be written: there is no folder '[^']*no'").Count | Should -Be 4 -Because $said
        [regex]::Matches($said, 'would fail').Count | Should -Be 4 -Because $said
    }

    It 'is an error of its own where a recipe or the cache of the hub cannot be read' {
        chmod 755 $folder
        chmod 000 "$folder/recipe.psd1"
        $null = New-Item -ItemType Directory "$TestDrive/cache"
        chmod 000 "$TestDrive/cache"
        $said = Invoke-Unprivileged @"
            Import-Module '$module'
            `$env:HF_HUB_CACHE = '$TestDrive/cache'
            Get-GptRecipe '$folder/recipe.psd1'
            Get-GptCachedModel
            `$Error.FullyQualifiedErrorId
"@
        chmod 755 "$TestDrive/cache"
        $said | Should -Match "recipe '[^']*recipe.psd1' cannot be read: "
        $said | Should -Match "cache '[^']*cache' cannot be read: "
        [regex]::Matches($said, '(?m)^ReadFailed,').Count | Should -Be 2 -Because $said
    }
}
