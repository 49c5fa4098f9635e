BeforeAll {
    . $PSScriptRoot/common.ps1
    $errorClass = 'PsGpt.Commands.ConvertFromGptTokensCommand'
}

Describe 'ConvertFrom-GptTokens' {
    It 'gives the text back' {
        $text = "Hello,`tworld`r`n  naïve 日本語 👩‍👩‍👧 "
        ($text | ConvertTo-GptTokens | ConvertFrom-GptTokens) | Should -BeExactly $text
    }

    # Token 222 of GPT-2 is the byte 0x80, which begins no character.
    It 'gives bytes that are no character as U+FFFD' {
        (222 | ConvertFrom-GptTokens) | Should -BeExactly ([string] [char] 0xFFFD)
    }

    It 'gives a string for each text' {
        ('a', 'b' | ConvertTo-GptTokens -PerString | ConvertFrom-GptTokens) | Should -Be 'a', 'b'
    }

    It 'takes bare ids from the pipeline' {
        (15496, 11, 995 | ConvertFrom-GptTokens) | Should -Be 'Hello, world'
    }

    It 'takes bare ids as an argument' {
        (ConvertFrom-GptTokens 15496, 11, 995) | Should -Be 'Hello, world'
    }

    It 'takes ids of another tokenizer' {
        (ConvertFrom-GptTokens 2, 0, 1 -Tokenizer (New-GptTokenizer abc -Kind Character)) | Should -Be 'cab'
    }

    It 'takes ids of a model' {
        $model = New-TinyModel
        $ids = ('fox' | ConvertTo-GptTokens -Model $model).Ids
        (ConvertFrom-GptTokens $ids -Model $model) | Should -Be 'fox'
    }

    It 'never splits a character with -Stream' {
        $pieces = ('👩‍👩‍👧' | ConvertTo-GptTokens).Ids | ConvertFrom-GptTokens -Stream
        -join $pieces | Should -BeExactly '👩‍👩‍👧'
        $pieces | Should -Not -Match ([char] 0xFFFD)
    }

    It 'says <Id> (<Category>)' -TestCases @(
        @{ Id = 'TokenOutsideVocabulary'; Category = 'InvalidData'; Script = { ConvertFrom-GptTokens 50257 } }
        @{ Id = 'TokenOutsideVocabulary'; Category = 'InvalidData'; Script = { ConvertFrom-GptTokens -1 } }
        @{ Id = 'TokenizerAmbiguous'; Category = 'InvalidArgument'
           Script = { ConvertFrom-GptTokens 1 -Tokenizer gpt2 -Model (New-TinyModel) } }
    ) {
        $records = @(Get-ErrorOf $Script)
        $records | Should -HaveCount 1
        $records[0].FullyQualifiedErrorId | Should -Be "$Id,$errorClass"
        $records[0].CategoryInfo.Category | Should -Be $Category
    }

    It 'serves the next id after a bad one' {
        (15496, 99999, 995 | ConvertFrom-GptTokens -ErrorAction Ignore) | Should -Be 'Hello world'
    }
}
