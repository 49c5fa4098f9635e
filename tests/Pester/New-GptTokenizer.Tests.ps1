BeforeAll {
    . $PSScriptRoot/common.ps1
    $errorClass = 'PsGpt.Commands.NewGptTokenizerCommand'
}

Describe 'New-GptTokenizer' {
    It 'makes byte pairs from the pipeline' {
        $tokenizer = Get-GptSampleText -Count 100 | New-GptTokenizer -VocabularySize 400
        $tokenizer.VocabularySize | Should -Be 400
        ('any text: ñ 日' | ConvertTo-GptTokens -Tokenizer $tokenizer | ConvertFrom-GptTokens) | Should -BeExactly 'any text: ñ 日'
    }

    It 'shortens the text that it was made from' {
        $story = Get-GptSampleText
        $tokenizer = Get-GptSampleText -Count 100 | New-GptTokenizer -VocabularySize 1000
        ($story | ConvertTo-GptTokens -Tokenizer $tokenizer).Count | Should -BeLessThan ($story.Length / 3)
    }

    It 'makes characters' {
        (New-GptTokenizer 'hello' -Kind Character).VocabularySize | Should -Be 4
    }

    It 'makes the same vocabulary of a file as of its text' {
        $path = Join-Path $TestDrive 'text.txt'
        Get-GptSampleText -Count 200 | Set-Content $path
        $fromFile = New-GptTokenizer -Path $path -VocabularySize 500
        (Get-Content $path -Raw | New-GptTokenizer -VocabularySize 500).Name | Should -Be $fromFile.Name
    }

    It 'takes files from Get-ChildItem' {
        Set-Content (Join-Path $TestDrive 'ab.txt') 'ab' -NoNewline
        (Get-ChildItem (Join-Path $TestDrive 'ab.txt') | New-GptTokenizer -Kind Character).VocabularySize | Should -Be 2
    }

    It 'says <Id> (<Category>)' -TestCases @(
        @{ Id = 'TextEmpty'; Category = 'InvalidArgument'; Script = { New-GptTokenizer '' } }
        @{ Id = 'VocabularySizeInvalid'; Category = 'InvalidArgument'; Script = { New-GptTokenizer a -Kind Character -VocabularySize 300 } }
        @{ Id = 'ParameterArgumentTransformationError'; Category = 'InvalidData'; Script = { New-GptTokenizer a -VocabularySize 256 } }
        @{ Id = 'PathNotFound'; Category = 'ObjectNotFound'; Script = { New-GptTokenizer -Path missing.txt } }
    ) {
        $records = @(Get-ErrorOf $Script)
        $records | Should -HaveCount 1
        $records[0].FullyQualifiedErrorId | Should -Be "$Id,$errorClass"
        $records[0].CategoryInfo.Category | Should -Be $Category
    }

    It 'is shown with its size and end of text' {
        $lines = 'aaab' | New-GptTokenizer -VocabularySize 300 -WarningVariable warning -WarningAction SilentlyContinue | Get-Line
        "$warning" | Should -Match 'too short for 300 tokens: it gives 25\d'
        $null = 'aaab' | New-GptTokenizer -WarningVariable warning
        $warning | Should -BeNullOrEmpty
        $lines -match '^bpe\d+-\w+ +\d+ +\d+$' | Should -HaveCount 1
    }
}
