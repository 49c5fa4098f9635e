BeforeAll {
    . $PSScriptRoot/common.ps1
    $errorClass = 'PsGpt.Commands.NewGptBatchCommand'
}

Describe 'New-GptBatch' {
    BeforeAll {
        $letters = New-GptTokenizer 'abcdefghijklmnopqrstuvwxyz' -Kind Character
        $alphabet = ConvertTo-GptTokens 'abcdefghijklmnopqrstuvwxyz' -Tokenizer $letters
    }

    It 'cuts in order, the next batch where the last one ended' {
        $batches = $alphabet | New-GptBatch -BatchSize 2 -SequenceLength 4 -WarningAction Ignore
        $batches | Should -HaveCount 3
        $batches[1].Inputs | Should -Be (8..15)
    }

    It 'has as targets the inputs one further, across the ends of rows' {
        ($alphabet | New-GptBatch -BatchSize 2 -SequenceLength 4 -WarningAction Ignore)[1].Targets | Should -Be (9..16)
    }

    It 'says how many tokens are in no batch' {
        $null = $alphabet | New-GptBatch -BatchSize 2 -SequenceLength 4 -WarningVariable warning -WarningAction SilentlyContinue
        "$warning" | Should -Match 'last 1 tokens'
    }

    It 'keeps those tokens with -PadLast' {
        $batches = $alphabet | New-GptBatch -BatchSize 2 -SequenceLength 4 -PadLast
        $batches | Should -HaveCount 4
        $batches[3].Targets | Should -Be 25, -1, -1, -1, -1, -1, -1, -1
    }

    It 'emits a batch as soon as it is full' {
        $script:made = 0
        $null = 1..100 | ForEach-Object { $script:made++; $alphabet } | New-GptBatch -BatchSize 1 -SequenceLength 25 |
            Select-Object -First 2
        $script:made | Should -Be 2
    }

    It 'takes random windows' {
        $batch = $alphabet | New-GptBatch -Random -BatchSize 8 -SequenceLength 3 -Count 1 -Seed 1
        0..23 | ForEach-Object { $batch.Targets[$_] - $batch.Inputs[$_] } | Should -Be (@(1) * 24)
        ($batch.Inputs[0, 3, 6, 9, 12, 15, 18, 21] | Sort-Object -Unique).Count | Should -BeGreaterThan 2
    }

    It 'takes the same windows from the same seed' {
        ($alphabet | New-GptBatch -Random -Count 3 -SequenceLength 8 -Seed 7).Inputs |
            Should -Be ($alphabet | New-GptBatch -Random -Count 3 -SequenceLength 8 -Seed 7).Inputs
    }

    It 'makes as many random batches as there are in order unless told otherwise' {
        $alphabet | New-GptBatch -Random -BatchSize 2 -SequenceLength 4 | Should -HaveCount 3
    }

    It 'says <Id> (<Category>)' -TestCases @(
        @{ Id = 'TooFewTokens'; Category = 'InvalidData'; Script = { $alphabet | New-GptBatch } }
        @{ Id = 'TooFewTokens'; Category = 'InvalidData'; Script = { $alphabet | New-GptBatch -Random -SequenceLength 26 } }
        @{
            Id = 'TokenizerMismatch'; Category = 'InvalidArgument'
            Script = { $alphabet, (ConvertTo-GptTokens x) | New-GptBatch -BatchSize 1 -SequenceLength 25 }
        }
        @{
            Id = 'BatchShapeInvalid'; Category = 'InvalidArgument'
            Script = { $alphabet | New-GptBatch -BatchSize 100000 -SequenceLength 100000 }
        }
        @{ Id = 'ParameterArgumentTransformationError'; Category = 'InvalidData'; Script = { $alphabet | New-GptBatch -BatchSize 0 } }
    ) {
        $records = @(Get-ErrorOf $Script)
        $records | Should -HaveCount 1
        $records[0].FullyQualifiedErrorId | Should -Be "$Id,$errorClass"
        $records[0].CategoryInfo.Category | Should -Be $Category
    }

    It 'serves the next tokens after those of another tokenizer' {
        $batches = $alphabet, (ConvertTo-GptTokens x), $alphabet | New-GptBatch -BatchSize 1 -SequenceLength 51 -ErrorAction Ignore
        $batches | Should -HaveCount 1
    }

    It 'says nothing more where what came before has failed' {
        @(Get-ErrorOf { ConvertTo-GptTokens -Path missing.txt | New-GptBatch }) | Should -HaveCount 1
    }

    It 'is shown in rows of 80 columns' {
        $lines = $alphabet | New-GptBatch -BatchSize 1 -SequenceLength 25 | Get-Line
        $lines -match '^ +1 +25 +25 characters.* 0 1 2 3' | Should -HaveCount 1
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
    }
}
