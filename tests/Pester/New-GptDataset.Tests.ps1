BeforeAll {
    . $PSScriptRoot/common.ps1
    $errorClass = 'PsGpt.Commands.NewGptDatasetCommand'
}

Describe 'New-GptDataset' {
    BeforeAll {
        Push-Location $TestDrive
        $model = New-TinyModel
        New-TinyText 1000 | Set-Content text.txt -NoNewline
        New-TinyText 500 | Set-Content -LiteralPath 'held[1].out' -NoNewline
        Set-Content empty.txt '' -NoNewline
    }

    AfterAll { Pop-Location }

    It 'holds out a tenth of a file' {
        $dataset = New-GptDataset text.txt -Model $model
        $dataset.Training.Count, $dataset.Validation.Count | Should -Be 900, 100
        $dataset.Name | Should -Be 'text.txt'
        $dataset.TokenizerName | Should -Be $model.Tokenizer.Name
    }

    It 'holds out another share, or nothing' {
        (New-GptDataset text.txt -Model $model -ValidationFraction 0.5).Validation.Count | Should -Be 500
        (New-GptDataset text.txt -Model $model -ValidationFraction 0).Validation.Count | Should -Be 0
    }

    It 'holds out files of their own' {
        $dataset = New-GptDataset text.txt -Model $model -ValidationPath 'held*'
        $dataset.Training.Count, $dataset.Validation.Count | Should -Be 1000, 500
    }

    It 'joins all tokens that come' {
        $dataset = (New-TinyText 60), (New-TinyText 40) | ConvertTo-GptTokens -Model $model -PerString | New-GptDataset -Name both
        $dataset.Training.Count, $dataset.Validation.Count, $dataset.Name | Should -Be 90, 10, 'both'
    }

    It 'joins the files of Get-ChildItem, with the end of text in between' {
        $dataset = Get-ChildItem text.txt, 'held*' | New-GptDataset -ValidationFraction 0
        $tokens = @(ConvertTo-GptTokens -Path text.txt -AddEndOfText) + @(ConvertTo-GptTokens -LiteralPath 'held[1].out')
        $dataset.Training.Count | Should -Be ($tokens | Measure-Object Count -Sum).Sum
    }

    It 'takes the lines of Get-Content as one text, and does not read their file again' {
        Set-Content lines.txt 'Once upon a time', '', 'there was a fox.'
        $dataset = Get-Content lines.txt | New-GptDataset -ValidationFraction 0
        $dataset.Training.Count | Should -Be (Get-Content lines.txt | ConvertTo-GptTokens).Count
    }

    It 'tells of a text that its tokenizer cannot write, once, and emits nothing' {
        $problem = Get-ErrorOf { $script:dataset = 'no', 'no', (New-TinyText 10) | New-GptDataset -Model $model }
        $problem | Should -HaveCount 1
        $problem.FullyQualifiedErrorId | Should -Be "TextOutsideVocabulary,$errorClass"
        $dataset | Should -BeNullOrEmpty
    }

    It 'takes a tokenizer by name' {
        (New-GptDataset text.txt -Tokenizer o200k_base).TokenizerName | Should -Be 'o200k_base'
    }

    It 'tells of a file that is not there, and takes the others' {
        $problem = Get-ErrorOf { $script:dataset = New-GptDataset nowhere.txt, text.txt -Model $model }
        $problem.FullyQualifiedErrorId | Should -Be "PathNotFound,$errorClass"
        $dataset.Training.Count | Should -Be 900
    }

    It 'emits nothing where nothing could be read' {
        $problem = Get-ErrorOf { $script:dataset = New-GptDataset nowhere.txt -Model $model }
        $problem | Should -HaveCount 1
        $dataset | Should -BeNullOrEmpty
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'a file without text'; Id = 'TooFewTokens'; Script = { New-GptDataset empty.txt -Model $model } }
        @{
            Name = 'an impossible share'; Id = 'ValidationFractionInvalid'
            Script = { New-GptDataset text.txt -Model $model -ValidationFraction 1 }
        }
        @{
            Name = 'two ways to hold out'; Id = 'ValidationAmbiguous'
            Script = { New-GptDataset text.txt -Model $model -ValidationFraction 0.1 -ValidationPath text.txt }
        }
        @{
            Name = 'held-out files of another tokenizer'; Id = 'TokenizerMismatch'
            Script = { New-TinyText | ConvertTo-GptTokens -Model $model | New-GptDataset -ValidationPath text.txt }
        }
    ) {
        (Get-ErrorOf $Script).FullyQualifiedErrorId | Should -Be "$Id,$errorClass"
    }

    It 'fits 80 columns' {
        $lines = New-GptDataset text.txt -Model $model | Get-Line
        $lines.Where{ $_.Length -gt 80 } | Should -BeNullOrEmpty
        "$lines" | Should -Match '900 +100 .*text\.txt'
    }
}
