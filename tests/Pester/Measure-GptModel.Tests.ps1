BeforeAll {
    . $PSScriptRoot/common.ps1
}

Describe 'Measure-GptModel' {
    It 'gives the memory of each model' {
        $measured = (New-TinyModel), (New-TinyModel -ContextLength 64) | Measure-GptModel
        $measured.CacheBytes | Should -Be (4 * 2 * 32 * 16), (4 * 2 * 64 * 16)
        $measured[0].TrainingBytes | Should -BeGreaterThan (4 * $measured[0].WeightBytes)
        $measured[0].MillisecondsPerToken | Should -BeNullOrEmpty
    }

    It 'counts keys and values as -CacheDataType keeps them' {
        $whole, $half = 'Float32', 'BFloat16' | ForEach-Object { Import-GptModel | Measure-GptModel -CacheDataType $_ }
        $half.CacheDataType | Should -Be 'BFloat16'
        $half.CacheBytes | Should -Be ($whole.CacheBytes / 2)
    }

    It 'measures what a token takes at least with -Speed' {
        (New-TinyModel | Measure-GptModel -Speed).MillisecondsPerToken | Should -BeGreaterThan 0
    }

    It 'grows with the batch' {
        (New-TinyModel | Measure-GptModel -BatchSize 8).TrainingBytes |
            Should -BeGreaterThan (New-TinyModel | Measure-GptModel).TrainingBytes
    }

    It 'shows a table of 80 columns' {
        $lines = New-TinyModel | Measure-GptModel | Get-Line
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        $lines -match '^tiny' | Should -HaveCount 1
    }

    It 'refuses a batch that no memory holds' {
        (Get-ErrorOf { New-TinyModel | Measure-GptModel -BatchSize 1000000 -SequenceLength 1000000 }).FullyQualifiedErrorId |
            Should -Be 'BatchTooLarge,PsGpt.Commands.MeasureGptModelCommand'
    }
}
