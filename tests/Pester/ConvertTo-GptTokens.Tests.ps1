BeforeAll {
    . $PSScriptRoot/common.ps1
    $errorClass = 'PsGpt.Commands.ConvertToGptTokensCommand'
}

Describe 'ConvertTo-GptTokens' {
    Context 'special tokens' {
        It 'are text and named once unless they are allowed' {
            $tokens = 'a<|endoftext|>b', 'c<|endoftext|>' | ConvertTo-GptTokens -WarningVariable warning -WarningAction SilentlyContinue
            $tokens.Ids | Should -Not -Contain 50256
            $warning | Should -HaveCount 1
            $warning | Should -Match '<\|endoftext\|>.*-AllowSpecial'
        }

        It 'become tokens with -AllowSpecial' {
            ('a<|endoftext|>b' | ConvertTo-GptTokens -AllowSpecial -WarningVariable warning).Ids | Should -Be 64, 50256, 65
            $warning | Should -BeNullOrEmpty
        }

        It 'separate documents in a dataset' {
            Set-Content "$TestDrive/marks.txt" 'one<|endoftext|>two' -NoNewline
            (New-GptDataset -Path "$TestDrive/marks.txt" -AllowSpecial -ValidationFraction 0).TrainingCount | Should -Be 3
        }
    }

    Context 'places' {
        It 'are given with -Offset' {
            $tokens = 'Hello world!' | ConvertTo-GptTokens -Offset
            $tokens.Id | Should -Be 15496, 995, 0
            $tokens.Offset | Should -Be 0, 5, 11
            $tokens.Text | Should -Be 'Hello', ' world', '!'
        }
    }

    Context 'names' {
        It 'of a model of OpenAI stand for its encoding' {
            ('x' | ConvertTo-GptTokens -Tokenizer gpt-4o).TokenizerName | Should -Be 'o200k_base'
            ('x' | ConvertTo-GptTokens -Tokenizer gpt-3.5-turbo).TokenizerName | Should -Be 'cl100k_base'
        }

        It 'of a path stand for the model there' {
            New-GptModel -LayerCount 1 -HeadCount 2 -ChannelCount 8 -ContextLength 16 | Export-GptModel TestDrive:/by-path
            ('Hello' | ConvertTo-GptTokens -Model TestDrive:/by-path).Ids | Should -Be 15496
            { ConvertTo-GptTokens x -Model ./no/such/model } | Should -Throw '*no/such/model*'
        }
    }

    Context 'strings' {
        It 'gives the ids of GPT-2' {
            ('Hello, world' | ConvertTo-GptTokens).Ids | Should -Be 15496, 11, 995
        }

        It 'takes a string as an argument' {
            (ConvertTo-GptTokens 'Hello, world').Ids | Should -Be 15496, 11, 995
        }

        It 'joins strings with a newline' {
            ('Hello', 'world' | ConvertTo-GptTokens).Ids | Should -Be (ConvertTo-GptTokens "Hello`nworld").Ids
        }

        It 'keeps empty lines' {
            ('a', '', 'b' | ConvertTo-GptTokens | ConvertFrom-GptTokens) | Should -BeExactly "a`n`nb"
        }

        It 'makes each string a text with -PerString' {
            ('Hello', 'world' | ConvertTo-GptTokens -PerString).Ids | Should -Be 15496, 6894
        }

        It 'gives no ids for an empty text' {
            ('' | ConvertTo-GptTokens).Count | Should -Be 0
        }

        It 'ends each text with -AddEndOfText' {
            ('Hello', 'world' | ConvertTo-GptTokens -PerString -AddEndOfText).ForEach{ $_.Ids[-1] } | Should -Be 50256, 50256
        }

        It 'knows the tokenizer' {
            ('a' | ConvertTo-GptTokens).TokenizerName | Should -Be 'gpt2'
        }

        It 'works under its singular name' {
            ('Hello' | ConvertTo-GptToken).Ids | Should -Be 15496
        }

        It 'emits each text as soon as it is complete' {
            $script:made = 0
            $null = 1..100 | ForEach-Object { $script:made++; "$_" } | ConvertTo-GptTokens -PerString | Select-Object -First 3
            $script:made | Should -Be 3
        }
    }

    Context 'files' {
        BeforeAll {
            Push-Location $TestDrive
            Set-Content one.txt 'Hello, world' -NoNewline
            Set-Content two.txt 'Once upon a time' -NoNewline
            Set-Content -LiteralPath 'a[1].txt' 'brackets' -NoNewline
            Set-Content lines.md "Hello`nworld`n" -NoNewline
        }

        AfterAll { Pop-Location }

        It 'takes the lines of Get-Content as text, not as paths' {
            (Get-Content one.txt | ConvertTo-GptTokens).Ids | Should -Be 15496, 11, 995
        }

        It 'gives Get-Content the ids of the text without its last line end' {
            (Get-Content lines.md | ConvertTo-GptTokens).Ids | Should -Be (ConvertTo-GptTokens "Hello`nworld").Ids
        }

        It 'makes a sequence of each file of Get-ChildItem' {
            $sequences = Get-ChildItem one.txt, two.txt | ConvertTo-GptTokens
            $sequences.Source | ForEach-Object { Split-Path $_ -Leaf } | Should -Be 'one.txt', 'two.txt'
        }

        It 'reads files of Get-ChildItem with -PerString too' {
            (Get-ChildItem one.txt | ConvertTo-GptTokens -PerString).Ids | Should -Be 15496, 11, 995
        }

        It 'resolves wildcards' {
            ConvertTo-GptTokens -Path *o*.txt | Should -HaveCount 2
        }

        It 'takes brackets for themselves with -LiteralPath' {
            (ConvertTo-GptTokens -LiteralPath 'a[1].txt' | ConvertFrom-GptTokens) | Should -Be 'brackets'
        }

        It 'takes files with brackets from Get-ChildItem' {
            (Get-ChildItem a*.txt | ConvertTo-GptTokens | ConvertFrom-GptTokens) | Should -Be 'brackets'
        }

        It 'gives a file the same ids as its text' {
            (ConvertTo-GptTokens -Path lines.md).Ids | Should -Be (Get-Content lines.md -Raw | ConvertTo-GptTokens).Ids
        }

        It 'serves the other files after a missing one' {
            (ConvertTo-GptTokens -Path missing.txt, one.txt -ErrorAction Ignore).Ids | Should -Be 15496, 11, 995
        }

        It 'cuts a long file into parts that follow each other' {
            Set-Content long.txt ('0 ' * 1100000) -NoNewline
            $parts = @(ConvertTo-GptTokens -Path long.txt)
            $parts.Part | Should -Be 0, 1
            ($parts | ConvertFrom-GptTokens).Length | Should -Be 2200000
        }
    }

    Context 'vocabularies' {
        It 'takes a tokenizer by name' {
            ('Hello' | ConvertTo-GptTokens -Tokenizer GPT2).Ids | Should -Be 15496
        }

        It 'takes a name that was read from a file' {
            Set-Content $TestDrive/name.txt 'gpt2'
            ('Hello' | ConvertTo-GptTokens -Tokenizer (Get-Content $TestDrive/name.txt)).Ids | Should -Be 15496
        }

        It 'takes a tokenizer as an object' {
            ('cab' | ConvertTo-GptTokens -Tokenizer (New-GptTokenizer abc -Kind Character)).Ids | Should -Be 2, 0, 1
        }

        It 'takes the tokenizer of a model' {
            $model = New-TinyModel
            ('dog' | ConvertTo-GptTokens -Model $model).TokenizerName | Should -Be $model.Tokenizer.Name
        }

        It 'completes the names of tokenizers' {
            (Get-Completion 'ConvertTo-GptTokens -Tokenizer G').CompletionText | Should -Contain 'gpt2'
        }

        It 'completes within quotes' {
            (Get-Completion "ConvertTo-GptTokens -Tokenizer 'g").CompletionText | Should -Contain "'gpt2'"
        }
    }

    Context 'errors' {
        It 'says <Id> (<Category>)' -TestCases @(
            @{ Id = 'PathNotFound'; Category = 'ObjectNotFound'; Script = { ConvertTo-GptTokens -Path missing.txt } }
            @{ Id = 'PathNotFound'; Category = 'ObjectNotFound'; Script = { ConvertTo-GptTokens -Path *.missing } }
            @{ Id = 'PathNotFound'; Category = 'ObjectNotFound'; Script = { ConvertTo-GptTokens -LiteralPath '*.txt' } }
            @{ Id = 'PathNotFileSystem'; Category = 'InvalidArgument'; Script = { ConvertTo-GptTokens -Path env:PATH } }
            @{ Id = 'PathIsFolder'; Category = 'InvalidArgument'; Script = { ConvertTo-GptTokens -Path $TestDrive } }
            @{ Id = 'TextOutsideVocabulary'; Category = 'InvalidData'
               Script = { ConvertTo-GptTokens abd -Tokenizer (New-GptTokenizer abc -Kind Character) } }
            @{ Id = 'EndOfTextMissing'; Category = 'InvalidArgument'
               Script = { ConvertTo-GptTokens a -AddEndOfText -Tokenizer (New-GptTokenizer abc -Kind Character) } }
            @{ Id = 'TokenizerAmbiguous'; Category = 'InvalidArgument'
               Script = { ConvertTo-GptTokens a -Tokenizer gpt2 -Model (New-TinyModel) } }
            @{ Id = 'ParameterArgumentTransformationError'; Category = 'InvalidData'; Script = { ConvertTo-GptTokens a -Tokenizer nope } }
        ) {
            $records = @(Get-ErrorOf $Script)
            $records | Should -HaveCount 1
            $records[0].FullyQualifiedErrorId | Should -Be "$Id,$errorClass"
            $records[0].CategoryInfo.Category | Should -Be $Category
        }

        It 'names the path that is missing' {
            (Get-ErrorOf { ConvertTo-GptTokens -LiteralPath missing.txt }).TargetObject | Should -Be 'missing.txt'
        }

        It 'lists the tokenizers that there are' {
            (Get-ErrorOf { ConvertTo-GptTokens a -Tokenizer nope }).Exception.Message | Should -Match 'gpt2'
        }

        It 'serves the next string' {
            $letters = New-GptTokenizer abc -Kind Character
            ('a', 'x', 'b' | ConvertTo-GptTokens -Tokenizer $letters -PerString -ErrorAction Ignore).Ids | Should -Be 0, 1
        }

        It 'gives no tokens of a text that it cannot use' {
            $letters = New-GptTokenizer abc -Kind Character
            1..50000 | ForEach-Object { 'x' } | ConvertTo-GptTokens -Tokenizer $letters -ErrorAction Ignore | Should -BeNullOrEmpty
        }

        It 'gives one error for a text, however many of its lines are bad' {
            $letters = New-GptTokenizer abc -Kind Character
            @(Get-ErrorOf { 1..50000 | ForEach-Object { 'x' } | ConvertTo-GptTokens -Tokenizer $letters }) | Should -HaveCount 1
        }
    }

    It 'shows the ids in 80 columns' {
        $lines = 'Once upon a time there was a fox who lived in a wood far away from here, and he was glad.' |
            ConvertTo-GptTokens | Get-Line
        $lines -match '^\s+23 gpt2 .* 7454 2402 257 640' | Should -HaveCount 1
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
    }
}
