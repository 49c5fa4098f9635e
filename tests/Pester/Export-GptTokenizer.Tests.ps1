BeforeAll {
    . $PSScriptRoot/common.ps1
    $errorClass = 'PsGpt.Commands.ExportGptTokenizerCommand'
}

Describe 'Export-GptTokenizer' {
    BeforeAll {
        $small = Get-GptSampleText -Count 50 | New-GptTokenizer -VocabularySize 300
    }

    BeforeEach { Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive (New-Guid))) }

    AfterEach { Pop-Location }

    It 'writes a tokenizer.json and emits it' {
        $file = $small | Export-GptTokenizer tokenizer.json
        $file | Should -BeOfType System.IO.FileInfo
        (Get-ChildItem).Name | Should -Be tokenizer.json
        $json = Get-Content $file -Raw | ConvertFrom-Json -AsHashtable
        $json.model.type, $json.model.vocab.'<|endoftext|>' | Should -Be BPE, $small.EndOfTextToken
    }

    It 'writes the file of llm.c' {
        $file = $small | Export-GptTokenizer tokenizer.bin -Format llm.c
        $bytes = [IO.File]::ReadAllBytes($file)
        (0..3).ForEach{ [BitConverter]::ToInt32($bytes, 4 * $_) } | Should -Be 20240328, 2, 300, 299
        (Import-GptTokenizer tokenizer.bin).Name | Should -Be $small.Name
    }

    It 'takes a name' {
        $null = 'gpt2' | Export-GptTokenizer a.bin -Format llm.c
        $null = Export-GptTokenizer -Tokenizer gpt2 b.bin -Format llm.c
        (Get-FileHash a.bin).Hash | Should -Be (Get-FileHash b.bin).Hash
        (Import-GptTokenizer a.bin).Name | Should -Be gpt2
    }

    It 'takes the tokenizer of a model' {
        $model = New-TinyModel
        $null = $model | Export-GptTokenizer a.json
        (Import-GptTokenizer a.json).Name | Should -Be $model.Tokenizer.Name
    }

    It 'says that a model has none' {
        New-TinyModel | Export-GptModel -Path model.bin -Format llm.c
        (Get-ErrorOf { Import-GptModel model.bin | Export-GptTokenizer a.json }).Exception.Message |
            Should -Match 'came without a tokenizer'
    }

    It 'writes nothing with -WhatIf' {
        $small | Export-GptTokenizer a.json -WhatIf | Should -BeNullOrEmpty
        Get-ChildItem | Should -BeNullOrEmpty
    }

    It 'replaces a file with -Force alone' {
        Set-Content a.json mine
        (Get-ErrorOf { $small | Export-GptTokenizer a.json }).FullyQualifiedErrorId | Should -Be "TargetExists,$errorClass"
        Get-Content a.json | Should -Be mine
        ($small | Export-GptTokenizer a.json -Force).Length | Should -BeGreaterThan 1000
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'characters for llm.c'
           Id = 'FormatCannotHold'; Script = { New-GptTokenizer abc -Kind Character | Export-GptTokenizer a.bin -Format llm.c } }
        @{ Name = 'a format that is only read'
           Id = 'FormatCannotHold'; Script = { $small | Export-GptTokenizer a.tiktoken -Format tiktoken } }
        @{ Name = 'a format that is none'; Id = 'PluginNotFound'; Script = { $small | Export-GptTokenizer a.json -Format sentencepiece } }
        @{ Name = 'a folder that is not there'; Id = 'WriteFailed'; Script = { $small | Export-GptTokenizer nowhere/a.json } }
        @{ Name = 'a folder'; Id = 'TargetIsDirectory'; Script = { $small | Export-GptTokenizer . -Force } }
    ) {
        (Get-ErrorOf $Script).FullyQualifiedErrorId | Should -Be "$Id,$errorClass"
        Get-ChildItem | Should -BeNullOrEmpty
    }

    It 'completes formats' {
        (Get-Completion 'Export-GptTokenizer x -Format ').CompletionText | Should -Be gguf, huggingface, llm.c, merges, tiktoken
    }

    It 'completes only formats that hold the tokenizer where it is known' {
        $global:characters = New-GptTokenizer abc -Kind Character
        try {
            $expected = @{ gpt2 = 'huggingface', 'llm.c'; 'gpt-4o' = 'huggingface'; '$characters' = 'huggingface' }
            foreach ($tokenizer in $expected.Keys) {
                (Get-Completion "Export-GptTokenizer x -Tokenizer $tokenizer -Format ").CompletionText | Should -Be $expected[$tokenizer]
            }
        }
        finally {
            Remove-Variable characters -Scope Global
        }
    }

    It 'previews that a format cannot hold it' {
        $preview = Invoke-PowerShell (
            "Import-Module '$((Get-Module PsGpt).Path)'; Export-GptTokenizer a.bin -Tokenizer cl100k_base -Format llm.c -WhatIf")
        "$preview" | Should -BeLike "*Export tokenizer as llm.c, which would fail:*"
    }
}
