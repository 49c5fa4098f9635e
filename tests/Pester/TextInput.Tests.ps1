BeforeAll {
    . $PSScriptRoot/common.ps1
    $ErrorActionPreference = 'Continue'
}

Describe 'Text from the pipeline' {
    BeforeAll {
        Push-Location $TestDrive
        1..40 | ForEach-Object { "line number $_" } | Set-Content lines.txt
    }

    AfterAll { Pop-Location }

    It 'takes the lines of a chunk, and not the file that they came from' {
        $expected = (Get-Content lines.txt | ConvertTo-GptTokens).Ids
        (Get-Content lines.txt -ReadCount 10 | ConvertTo-GptTokens).Ids | Should -Be $expected
        (Get-Content lines.txt -ReadCount 10 | New-GptDataset -ValidationFraction 0).TrainingCount | Should -Be $expected.Count
        (Get-Content lines.txt -ReadCount 10 | New-GptTokenizer -VocabularySize 300).Name |
            Should -Be (Get-Content lines.txt | New-GptTokenizer -VocabularySize 300).Name
    }

    It 'keeps the limit of -TotalCount' {
        (Get-Content lines.txt -ReadCount 10 -TotalCount 10 | ConvertTo-GptTokens).Ids |
            Should -Be (Get-Content lines.txt -TotalCount 10 | ConvertTo-GptTokens).Ids
    }

    It 'takes empty lines, also in a chunk' {
        'a', '', 'b' | Set-Content empty.txt
        Get-Content empty.txt -ReadCount 0 | ConvertTo-GptTokens | ConvertFrom-GptTokens | Should -Be "a`n`nb"
    }

    It 'takes files, paths, tokens and completions, each as a text of its own' {
        Get-Item lines.txt | ConvertTo-GptTokens | ConvertFrom-GptTokens | Should -Be (Get-Content lines.txt -Raw)
        Get-Item lines.txt | Select-Object PSPath | ConvertTo-GptTokens | ConvertFrom-GptTokens | Should -Be (Get-Content lines.txt -Raw)
        ('a', 'b' | ConvertTo-GptTokens -PerString | ConvertTo-GptTokens -Tokenizer o200k_base | ConvertFrom-GptTokens) |
            Should -Be 'a', 'b'
        $completion = Invoke-GptCompletion 'Once' -MaxTokens 3 -Seed 1
        $completion | ConvertTo-GptTokens | ConvertFrom-GptTokens | Should -Be ($completion.Prompt + $completion.Text)
    }

    It 'takes rows with a path, and no object that is about a file' {
        [pscustomobject]@{ Path = 'lin*.txt' }, [pscustomobject]@{ LiteralPath = 'lines.txt' } | ConvertTo-GptTokens |
            ConvertFrom-GptTokens | Should -Be (@(Get-Content lines.txt -Raw) * 2)
        $null = Select-String number lines.txt -List | ConvertTo-GptTokens -ErrorVariable problem -ErrorAction SilentlyContinue
        "$problem" | Should -Match 'A MatchInfo is no text'
    }

    It 'names a pattern that has brackets as a name' {
        Set-Content -LiteralPath 'a [1].txt' 'text'
        $null = ConvertTo-GptTokens -Path 'a [1].txt' -ErrorVariable problem -ErrorAction SilentlyContinue
        "$problem" | Should -Match 'Give the name with -LiteralPath'
    }

    It 'is trained on in whatever object it comes' {
        $model = New-TinyModel
        $text = New-TinyText 400
        Set-Content tiny.txt $text -NoNewline
        $completion = Invoke-GptCompletion $text.Substring(0, 4) -Model $model -MaxTokens 200 -IgnoreEndOfText
        $inputs = $text, ($text | ConvertTo-GptTokens -Model $model | ConvertTo-Json | ConvertFrom-Json), (Get-Item tiny.txt),
            [pscustomobject]@{ Path = 'tiny.*' }, (Get-Item tiny.txt | Select-Object PSPath), $completion
        foreach ($given in $inputs) {
            $steps = $given | Start-GptTraining -Model $model -Steps 1 -SequenceLength 8 -ErrorVariable problem
            $problem | Should -BeNullOrEmpty
            $steps | Should -HaveCount 1 -Because $given.GetType().Name
        }

        1..60 | ForEach-Object { $_ * 0 } |
            Start-GptTraining -Model (New-GptModel gpt2 -LayerCount 1 -HeadCount 1 -ChannelCount 8) -Steps 1 |
            Should -HaveCount 1
    }

    It 'is encoded in parts where one string has all of it' {
        $model = Import-GptModel
        $text = 'once upon a time there was a crab ' * 120000
        $null = $text.Substring(0, 100000) | Start-GptTraining -Model $model -Steps 1 -ValidationInterval 0
        $before = [GC]::GetAllocatedBytesForCurrentThread()
        $null = $text | Start-GptTraining -Model $model -Steps 1 -ValidationInterval 0
        # Two bytes a character for the copy of the text, and the ids; the encoder would copy it once more.
        ([GC]::GetAllocatedBytesForCurrentThread() - $before) / $text.Length | Should -BeLessThan 5
    }

    It 'that cannot be read is one error of a training' {
        [IO.File]::WriteAllBytes("$TestDrive/bad.txt", [byte[]](65, 66, 0xFF, 67))
        $problem = Get-ErrorOf { Start-GptTraining bad.txt,
            lines.txt -Recipe baby -BatchSize 1 -SequenceLength 8 -Steps 1 -WarningAction SilentlyContinue }
        $problem.FullyQualifiedErrorId | Should -Be 'TextEncodingInvalid,PsGpt.Commands.StartGptTrainingCommand'
    }

    It 'names anything else by its type and serves the next input' {
        $tokens = @{ a = 1 }, 'good' | ConvertTo-GptTokens -PerString -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem.FullyQualifiedErrorId | Should -Be 'InputNotText,PsGpt.Commands.ConvertToGptTokensCommand'
        "$problem" | Should -Match 'A Hashtable is no text'
        $tokens | ConvertFrom-GptTokens | Should -Be 'good'
        $null = Import-GptModel | New-GptDataset -ErrorVariable problem -ErrorAction SilentlyContinue
        "$problem" | Should -Match 'A GptModel is no text'
    }

    It 'is no bytes, which would become a text of digits: one error, whatever their number' {
        Set-Content "$TestDrive/bytes.txt" 'ab'
        $bytes = Get-Content "$TestDrive/bytes.txt" -AsByteStream
        $calls = { $bytes | ConvertTo-GptTokens }, { $bytes | New-GptDataset }, { $bytes | New-GptTokenizer },
            { $bytes | Start-GptTraining -Steps 1 }, { ConvertTo-GptTokens $bytes }, { , [byte[]] $bytes | Start-GptTraining -Steps 1 }
        foreach ($call in $calls) {
            $found = @(Get-ErrorOf $call)
            $found | Should -HaveCount 1 -Because "$call"
            $found[0].FullyQualifiedErrorId | Should -Match '^InputNot(Text|Usable),' -Because "$call"
            "$($found[0])" | Should -Match '^A Byte(\[\])? .*Get-Item'
        }
    }

    It 'names an object that is no token sequence' {
        $batch = 'text', (ConvertTo-GptTokens 'a b c') |
            New-GptBatch -BatchSize 1 -SequenceLength 2 -ErrorVariable problem -ErrorAction SilentlyContinue
        "$problem" | Should -Match 'A String is no token sequence'
        $batch.TokenCount | Should -Be 2
    }
}

Describe 'Encodings' {
    BeforeAll {
        Push-Location $TestDrive
        [IO.File]::WriteAllBytes("$TestDrive/latin1.txt", [byte[]](77, 0xFC, 108, 108, 101, 114, 10))
        [IO.File]::WriteAllBytes("$TestDrive/utf16.txt", [Text.Encoding]::Unicode.GetBytes("hi`n"))
        [IO.File]::WriteAllText("$TestDrive/crlf.txt", "one`r`ntwo`r`n")
    }

    AfterAll { Pop-Location }

    It 'says where a file is not valid, and reads it as told' {
        $null = ConvertTo-GptTokens -Path latin1.txt -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem.FullyQualifiedErrorId | Should -Be 'TextEncodingInvalid,PsGpt.Commands.ConvertToGptTokensCommand'
        "$problem" | Should -Match 'FC at byte 1 \(line 1\)'
        foreach ($encoding in 1252, 'ansi', 'latin1', 'iso-8859-1', [Text.Encoding]::Latin1) {
            ConvertTo-GptTokens -Path latin1.txt -Encoding $encoding | ConvertFrom-GptTokens | Should -Be "Müller`n"
        }

        $null = New-GptDataset utf16.txt -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem.FullyQualifiedErrorId | Should -Be 'TextHasNull,PsGpt.Commands.NewGptDatasetCommand'
        ConvertTo-GptTokens -Path utf16.txt -Encoding unicode | ConvertFrom-GptTokens | Should -Be "hi`n"
        { ConvertTo-GptTokens -Path utf16.txt -Encoding klingon } | Should -Throw '*no encoding ''klingon''*1252*'
    }

    It 'gives both routes to a file the same tokens with -NoCarriageReturn' {
        (ConvertTo-GptTokens -Path crlf.txt -NoCarriageReturn).Ids | Should -Be (Get-Content crlf.txt | ConvertTo-GptTokens).Ids
        ConvertTo-GptTokens -Path crlf.txt | ConvertFrom-GptTokens | Should -Be "one`r`ntwo`r`n"
    }
}

Describe 'Tokens that were away' {
    BeforeAll { $tokens = ConvertTo-GptTokens 'Hello world' }

    It 'are small in JSON and come back' {
        $json = $tokens | ConvertTo-Json -WarningVariable warnings
        $json.Length | Should -BeLessThan 300
        $warnings | Should -BeNullOrEmpty
        $json | ConvertFrom-Json | ConvertFrom-GptTokens | Should -Be 'Hello world'
        ($json | ConvertFrom-Json | New-GptBatch -BatchSize 1 -SequenceLength 1).TokenizerName | Should -Be 'gpt2'
        ($tokens | New-GptDataset | ConvertTo-Json -WarningAction SilentlyContinue).Length | Should -BeLessThan 2000
    }

    It 'and everything else that is emitted are small in JSON, without a warning' {
        $model = New-TinyModel
        $text = New-TinyText 400
        $step = $text | Start-GptTraining -Model $model -Steps 1
        $batch = $text | ConvertTo-GptTokens -Model $model | New-GptBatch -BatchSize 1 -SequenceLength 2 | Select-Object -First 1
        $all = $model, $model.Tokenizer, (Import-GptModel), (Import-GptModel).Tokenizer, $step, ($text | New-GptDataset), $batch,
            (Invoke-GptCompletion Once -MaxTokens 2 -LogProbability), (Measure-GptText abc), (Get-GptTensor wpe -Model $model),
            (Get-GptRecipe baby), (Get-GptOperator attention), ($batch | Invoke-GptForward -Model $model),
            ($batch | Invoke-GptForward -Model $model | Invoke-GptBackward), (Measure-GptModel $model), @(Get-GptPlugin)[0]
        foreach ($item in $all) {
            $json = $item | ConvertTo-Json -WarningVariable warned -WarningAction SilentlyContinue
            $json.Length | Should -BeLessThan 2500 -Because $item.GetType().Name
            $warned | Should -BeNullOrEmpty -Because $item.GetType().Name
            $item | ConvertTo-Csv | Should -Not -Match 'z__' -Because $item.GetType().Name
        }

        $json = $model, (Import-GptModel) | ConvertTo-Json -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -BeNullOrEmpty
        $json.Length | Should -BeLessThan 4000
        $null = Get-GptRecipe | ConvertTo-Json -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -BeNullOrEmpty
    }

    It 'come back from a job with the values of their columns' {
        $module = (Get-Module PsGpt).Path
        $back = Start-Job {
            Import-Module $using:module
            ConvertTo-GptTokens 'Hello world'
            ConvertTo-GptTokens 'a b c d' | New-GptDataset
        } | Receive-Job -Wait -AutoRemoveJob
        $back[0] | ConvertFrom-GptTokens | Should -Be 'Hello world'
        $back[1].TrainingCount, $back[1].ValidationCount, $back[1].TokenizerName | Should -Be 3, 1, 'gpt2'
        ($back[1] | Out-String) | Should -Match '3 +1 gpt2'
    }

    It 'of a vocabulary that is not built in need it' {
        $model = Import-GptModel
        $json = 'Once' | ConvertTo-GptTokens -Model $model | ConvertTo-Json
        $null = $json | ConvertFrom-Json | ConvertFrom-GptTokens -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem.FullyQualifiedErrorId | Should -Be 'TokenizerUnknown,PsGpt.Commands.ConvertFromGptTokensCommand'
        $json | ConvertFrom-Json | ConvertFrom-GptTokens -Model $model | Should -Be 'Once'
    }

    It 'are decoded with the model that made them, and with no other' {
        $model = Import-GptModel
        'Hello' | ConvertTo-GptTokens -Model $model | ConvertFrom-GptTokens -Model $model | Should -Be 'Hello'
        $null = $tokens | ConvertFrom-GptTokens -Model $model -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem.FullyQualifiedErrorId | Should -Be 'TokenizerMismatch,PsGpt.Commands.ConvertFromGptTokensCommand'
    }

    It 'bind by the property names Id and Ids' {
        [pscustomobject]@{ Ids = 15496, 995 } | ConvertFrom-GptTokens | Should -Be 'Hello world'
        [pscustomobject]@{ Id = 15496, 995 } | ConvertFrom-GptTokens | Should -Be 'Hello world'
        ConvertFrom-GptTokens -Ids 15496, 995 | Should -Be 'Hello world'
        $null = @{ Ids = 1 } | ConvertFrom-GptTokens -ErrorVariable problem -ErrorAction SilentlyContinue
        "$problem" | Should -Match 'A Hashtable holds no tokens'
    }
}

Describe 'Views of tokens, batches and datasets' {
    It 'have columns that are properties' {
        $tokens = ConvertTo-GptTokens 'a b c d e'
        foreach ($item in $tokens, ($tokens | New-GptBatch -BatchSize 1 -SequenceLength 2)[0], ($tokens | New-GptDataset)) {
            $headers = -split (($item | Format-Table | Out-String -Stream | Where-Object Length)[0] -replace '\e\[[\d;]*m')
            $headers | Where-Object { $item.PSObject.Properties.Name -notcontains $_ } | Should -BeNullOrEmpty
        }
    }

    It 'do not cut the name of a vocabulary' {
        'Once' | ConvertTo-GptTokens -Model (Import-GptModel) | Out-String -Width 80 | Should -Match 'bpe1024-50edf261'
    }
}

Describe 'Export-GptTokens -WhatIf' {
    It 'says where the export would fail or replace a file' {
        Push-Location $TestDrive
        ConvertTo-GptTokens 'a' | Export-GptTokens there.bin
        $module = (Get-Module PsGpt).Path
        $said = foreach ($force in '', '-Force') {
            Invoke-PowerShell "Import-Module '$module'; ConvertTo-GptTokens a | Export-GptTokens there.bin $force -WhatIf"
        }

        "$said" | Should -Match 'would fail: .* exists\s+already.*and\s+replace\s+what\s+is\s+there'
        Pop-Location
    }
}

Describe 'Paths with escaped brackets' {
    It 'are found' {
        Push-Location $TestDrive
        'text' | Set-Content -LiteralPath 'story [1].txt'
        ConvertTo-GptTokens -Path './story `[1`].txt' -NoCarriageReturn | ConvertFrom-GptTokens | Should -Be 'text'
        Import-GptModel | Export-GptModel 'model [1]'
        (Import-GptModel './model `[1`]').Name | Should -Be 'model [1]'
        ConvertTo-GptTokens 'a' -Tokenizer './model `[1`]/tokenizer.json' | ForEach-Object TokenizerName | Should -Be 'bpe1024-50edf261'
        Pop-Location
    }
}
