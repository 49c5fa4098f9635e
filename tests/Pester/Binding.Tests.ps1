BeforeAll {
    . $PSScriptRoot/common.ps1

    # What a job would give.
    function Get-Copy($Object) {
        [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($Object, 1))
    }
}

Describe 'An object of the wrong type' {
    BeforeAll {
        Push-Location $TestDrive
        $model = New-TinyModel
        $tokens = 'the dog' | ConvertTo-GptTokens -Model $model
    }

    AfterAll { Pop-Location }

    It 'is named where <Name> gets it from the pipeline' -ForEach @(
        @{ Name = 'Export-GptModel'; Run = { $_ | Export-GptModel there }; Says = 'no model. Give a model, its path' }
        @{ Name = 'Export-GptTokenizer'; Run = { $_ | Export-GptTokenizer there }; Says = 'no tokenizer. Give a tokenizer, its name' }
        @{ Name = 'Get-GptCachedModel'; Run = { $_ | Get-GptCachedModel }; Says = 'no name.' }
        @{ Name = 'Get-GptPlugin'; Run = { $_ | Get-GptPlugin }; Says = 'no name.' }
        @{ Name = 'Get-GptRecipe'; Run = { $_ | Get-GptRecipe }; Says = 'no name. Give the name of a recipe' }
        @{ Name = 'Get-GptTensor'; Run = { $_ | Get-GptTensor }; Says = 'no model and no result of Invoke-GptBackward' }
        @{ Name = 'Import-GptModel'; Run = { $_ | Import-GptModel }; Says = 'no path. Give the path of a model' }
        @{ Name = 'Import-GptTokenizer'; Run = { $_ | Import-GptTokenizer }; Says = 'no path.' }
        @{ Name = 'Import-GptTokens'; Run = { $_ | Import-GptTokens }; Says = 'no path.' }
        @{ Name = 'Invoke-GptOperator'; Run = { $_ | Invoke-GptOperator gelu }; Says = 'no table of inputs' }
        @{ Name = 'Invoke-GptTrainingStep'; Run = { $_ | Invoke-GptTrainingStep $model }; Says = 'no result of New-GptBatch' }
        @{ Name = 'Measure-GptModel'; Run = { $_ | Measure-GptModel }; Says = 'no model. Give a model, its path' }
        @{ Name = 'New-GptModel'; Run = { $_ | New-GptModel }; Says = 'no tokenizer. Give a tokenizer, its name' }
        @{ Name = 'Register-GptPlugin'; Run = { $_ | Register-GptPlugin }; Says = 'no path.' }
        @{ Name = 'Resize-GptModel'; Run = { $_ | Resize-GptModel 4 }; Says = 'no model. Give a model, its path' }
        @{ Name = 'Set-GptTensor'; Run = { $_ | Set-GptTensor 0 }; Says = 'no tensor. Give tensors' }
        @{ Name = 'Show-GptTensor'; Run = { $_ | Show-GptTensor }; Says = 'no tensor. Give tensors' }
    ) {
        $run, $says = $Run, $Says
        foreach ($case in @{ Is = 'A TokenSequence'; Value = $tokens }, @{ Is = 'An OrderedDictionary'; Value = [ordered]@{ a = 1 } }) {
            if ($says -match 'table' -and $case.Is -match 'Dictionary') { continue }
            $problem = Get-ErrorOf { $case.Value | ForEach-Object $run }
            "$problem" | Should -Match "$($case.Is) is $([regex]::Escape($says))"
        }
    }

    It 'is named where <Name> gets it as a path' -ForEach @(
        @{ Name = 'New-GptDataset'; Run = { New-GptDataset $tokens } }
        @{ Name = 'ConvertTo-GptTokens'; Run = { ConvertTo-GptTokens -Path $tokens } }
        @{ Name = 'Start-GptTraining'; Run = { Start-GptTraining $tokens } }
    ) {
        "$(Get-ErrorOf $Run)" | Should -Match 'A TokenSequence is no path. Other objects come through the pipeline'
    }

    It 'is named where it should be a recipe' {
        "$(Get-ErrorOf { Start-GptTraining -Recipe @{ Steps = 1 } })" | Should -Match 'A Hashtable is no recipe'
    }

    It 'is told to be a copy where a job gave it' {
        $copy = Get-Copy $model
        "$(Get-ErrorOf { $copy | Measure-GptModel })" | Should -Match 'A deserialized GptModel is no model'
    }

    It 'does not become the ids of tokens by a property Id' {
        $row = Get-Process -Id $PID | Select-Object Id
        "$(Get-ErrorOf { $row | ConvertFrom-GptTokens })" | Should -Match 'holds no tokens'
        "Id`n15496" | ConvertFrom-Csv | ConvertFrom-GptTokens | Should -Be 'Hello'
    }
}

Describe 'Objects that stand for a path' {
    It 'are files, folders and what Resolve-Path finds, with brackets in their names' {
        Push-Location $TestDrive
        'text' | Set-Content -LiteralPath 'a [1].txt' -NoNewline
        $file = Get-Item -LiteralPath 'a [1].txt'
        $file, (Resolve-Path -LiteralPath 'a [1].txt') | ConvertTo-GptTokens | ConvertFrom-GptTokens | Should -Be 'text', 'text'
        Get-GptRecipe baby | Get-GptRecipe | ForEach-Object Name | Should -Be 'baby'
        "$(Get-ErrorOf { $file | Import-GptTokenizer })" | Should -Match "a \[1\].txt' is no tokenizer of a known format"
        Pop-Location
    }
}

Describe 'Lists in lists' {
    It 'are taken apart' {
        , @('a', @('b', [Collections.Generic.List[string]]@('c', 'd'))) | ConvertTo-GptTokens | ConvertFrom-GptTokens |
            Should -Be "a`nb`nc`nd"
    }

    It 'end where a list holds itself' {
        $list = [Collections.ArrayList]::new()
        $null = $list.Add($list)
        "$(Get-ErrorOf { ConvertTo-GptTokens $list })" | Should -Match 'An ArrayList is no text'
        "$(Get-ErrorOf { Invoke-GptCompletion $list })" | Should -Match 'An ArrayList is no prompt'
        "$(Get-ErrorOf { , $list | Start-GptTraining -Steps 1 })" | Should -Match 'An ArrayList cannot be trained'
    }
}

Describe 'Text that is none' {
    It 'is half of a surrogate pair, which is told and not replaced' {
        $half = "ab$([char]0xD83D)c"
        foreach ($run in { $half | ConvertTo-GptTokens }, { Invoke-GptCompletion $half }, { $half | New-GptTokenizer }) {
            "$(Get-ErrorOf $run)" | Should -Match 'half of a surrogate pair, U\+D83D, at position 2'
        }

        $whole = [char]::ConvertFromUtf32(0x1F389) * 3
        $whole | ConvertTo-GptTokens | ConvertFrom-GptTokens | Should -Be $whole
    }

    It 'may have NUL characters, with a warning' {
        "a`0b" | ConvertTo-GptTokens -WarningVariable warned -WarningAction SilentlyContinue | ConvertFrom-GptTokens | Should -Be "a`0b"
        "$warned" | Should -Match 'NUL characters'
    }
}

Describe 'Completions that came back from a job' {
    It 'are text, and make a vocabulary' {
        "@{ Parameters = @{ Steps = 1; BatchSize = 1; SequenceLength = 8 }
            Model = @{ Tokenizer = 'character'; LayerCount = 1; HeadCount = 1; ChannelCount = 8; ContextLength = 8 } }" |
            Set-Content $TestDrive/small.psd1
        $completion = Invoke-GptCompletion the -Model (New-TinyModel) -MaxTokens 60 -Seed 1
        $copy = Get-Copy $completion
        foreach ($one in $completion, $copy) {
            $one | ConvertTo-GptTokens | ConvertFrom-GptTokens | Should -BeExactly ('the' + $completion.Text)
            ($one | Start-GptTraining -Recipe $TestDrive/small.psd1 -WarningAction SilentlyContinue).Step | Should -Be 1
        }
    }
}

Describe 'A pipe in place of a file with a length' {
    It 'is not waited for' -Skip:$IsWindows {
        $pipe = "$TestDrive/pipe.psd1"
        mkfifo $pipe
        foreach ($run in { Import-GptTokens $pipe -Format nanogpt -Tokenizer gpt2 }, { Measure-GptChoice $pipe }, { Get-GptRecipe $pipe }) {
            "$(Get-ErrorOf $run)" | Should -Match 'empty'
        }
    }
}

Describe 'A plug-in that cannot be read' {
    It 'is told to be a folder' {
        "$(Get-ErrorOf { Register-GptPlugin $TestDrive })" | Should -Match 'it is a folder'
    }
}
