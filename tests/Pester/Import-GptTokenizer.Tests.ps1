BeforeAll {
    . $PSScriptRoot/common.ps1
    $errorClass = 'PsGpt.Commands.ImportGptTokenizerCommand'

    # As tiktoken writes it: the 256 bytes, then two tokens.
    function Write-Tiktoken {
        param([string] $Path)
        $lines = for ($i = 0; $i -lt 256; $i++) { "$([Convert]::ToBase64String([byte[]] $i)) $i" }
        $lines += 'ab', 'abc' | ForEach-Object { "$([Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes($_))) $(($i++))" }
        Set-Content $Path $lines
    }
}

Describe 'Import-GptTokenizer' {
    BeforeAll {
        Push-Location $TestDrive
        $small = Get-GptSampleText -Count 50 | New-GptTokenizer -VocabularySize 300
        $null = $small | Export-GptTokenizer small.json
        $null = $small | Export-GptTokenizer 'small[1].bin' -Format llm.c
        New-TinyModel | Export-GptModel -Path model
        Write-Tiktoken letters.tiktoken
        Set-Content text.txt 'this is a text, not a tokenizer'
    }

    AfterAll { Pop-Location }

    It 'reads the files that wildcards find' {
        (Import-GptTokenizer small*).Name | Should -Be $small.Name, $small.Name
    }

    It 'reads a path as it is' {
        (Import-GptTokenizer -LiteralPath 'small[1].bin').Name | Should -Be $small.Name
    }

    It 'takes the files of Get-ChildItem' {
        (Get-ChildItem small* | Import-GptTokenizer).Name | Should -Be $small.Name, $small.Name
    }

    It 'reads the tokenizer of a model without its weights' {
        (Import-GptTokenizer model).Name | Should -Be (New-TinyModel).Tokenizer.Name
    }

    It 'reads the tokenizer of a GGUF file' {
        $small | New-GptModel -LayerCount 1 -HeadCount 1 -ChannelCount 4 | Export-GptModel -Path small.gguf -Format gguf
        (Import-GptTokenizer small.gguf).Name | Should -Be $small.Name
        ('the fox' | ConvertTo-GptTokens -Tokenizer small.gguf).TokenizerName | Should -Be $small.Name
    }

    It 'warns where the split is assumed, and not where it is given' {
        $tokenizer = Import-GptTokenizer letters.tiktoken -WarningVariable warning 3> $null
        $tokenizer.GetPreTokenizer().Name | Should -Be gpt2
        $warning | Should -Match 'pre-tokenizer of GPT-2'
        $tokenizer = Import-GptTokenizer letters.tiktoken -PreTokenizer cl100k_base -WarningVariable warning
        $tokenizer.GetPreTokenizer().Name, $warning.Count | Should -Be cl100k_base, 0
        ('abcab' | ConvertTo-GptTokens -Tokenizer $tokenizer).Ids | Should -Be 257, 256
    }

    It 'tells of a file that is none, and takes the others' {
        $problem = Get-ErrorOf { $script:found = Import-GptTokenizer text.txt, nowhere.json, small.json }
        $problem.FullyQualifiedErrorId | Should -Be "FormatUnknown,$errorClass", "PathNotFound,$errorClass"
        $found.Name | Should -Be $small.Name
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'a format that is none'; Id = 'PluginNotFound'; Script = { Import-GptTokenizer small.json -Format sentencepiece } }
        @{ Name = 'a split that is none'; Id = 'PluginNotFound'; Script = { Import-GptTokenizer small.json -PreTokenizer words } }
        @{ Name = 'a split that is not the file''s'
           Id = 'SplitMismatch'; Script = { Import-GptTokenizer small.json -PreTokenizer o200k_base } }
        @{ Name = 'a file as another format'; Id = 'TokenizerFileInvalid'; Script = { Import-GptTokenizer small.json -Format llm.c } }
    ) {
        (Get-ErrorOf $Script).FullyQualifiedErrorId | Should -Be "$Id,$errorClass"
    }

    It 'completes formats and splits' {
        (Get-Completion 'Import-GptTokenizer x -Format ').CompletionText | Should -Be gguf, huggingface, llm.c, merges, tiktoken
        (Get-Completion 'Import-GptTokenizer x -PreTokenizer ').CompletionText | Should -Be cl100k_base, gpt2, o200k_base
    }
}

Describe '-Tokenizer' {
    BeforeAll {
        Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive paths))
        $characters = New-GptTokenizer 'the quick brown fox jumps over the lazy dog' -Kind Character
        $null = $characters | Export-GptTokenizer mine.json
        $null = $characters | Export-GptTokenizer gpt2
        Write-Tiktoken letters.tiktoken
        Set-Content text.txt 'the quick brown fox' -NoNewline
    }

    AfterAll { Pop-Location }

    It 'takes a path: <_>' -ForEach @(
        { 'the fox' | ConvertTo-GptTokens -Tokenizer mine.json | ForEach-Object { $_.TokenizerName } }
        { 'the fox' | ConvertTo-GptTokens -Tokenizer ./gpt2 | ForEach-Object { $_.TokenizerName } }
        { 'the fox' | ConvertTo-GptTokens -Tokenizer (Get-Item mine.json) | ForEach-Object { $_.TokenizerName } }
        { (New-GptDataset -Path text.txt -Tokenizer $TestDrive/paths/mine.json -ValidationFraction 0).TokenizerName }
        { (New-GptModel -Tokenizer mine.json -LayerCount 1 -HeadCount 1 -ChannelCount 4).Tokenizer }
    ) {
        "$(& $_)" | Should -Be $characters.Name
    }

    It 'reads ids with a path' {
        ConvertFrom-GptTokens (1, 2) -Tokenizer mine.json | Should -Be (ConvertFrom-GptTokens (1, 2) -Tokenizer $characters)
    }

    It 'means a name where it is one' {
        ('the fox' | ConvertTo-GptTokens -Tokenizer gpt2).TokenizerName | Should -Be gpt2
    }

    It 'names both possibilities where it is neither' {
        $problem = Get-ErrorOf { 'the fox' | ConvertTo-GptTokens -Tokenizer none.json }
        $problem.FullyQualifiedErrorId | Should -BeLike 'ParameterArgumentTransformationError,*'
        $problem.Exception.Message | Should -Match "neither a tokenizer named 'none.json' nor a file"
    }

    It 'says what is wrong with a file' {
        $problem = Get-ErrorOf { 'the fox' | ConvertTo-GptTokens -Tokenizer text.txt }
        $problem.Exception.Message | Should -Match 'no tokenizer of a known format'
    }

    It 'is no file: "<_>"' -ForEach 'nodrive:mine.json', 'env:PATH', 'mine*.json', '' {
        (Get-ErrorOf { 'the fox' | ConvertTo-GptTokens -Tokenizer $_ }).Exception.Message | Should -Match 'neither a tokenizer'
    }

    It 'completes names, then paths' {
        $found = (Get-Completion "ConvertTo-GptTokens x -Tokenizer ").CompletionText
        $found[0..2] | Should -Be cl100k_base, gpt2, o200k_base
        $found | Should -Contain (Join-Path . mine.json)
        (Get-Completion 'ConvertTo-GptTokens x -Tokenizer gp').CompletionText | Should -Be gpt2, (Join-Path . gpt2)
    }
}
