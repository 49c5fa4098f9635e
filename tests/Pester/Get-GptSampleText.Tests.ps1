BeforeAll {
    . $PSScriptRoot/common.ps1
}

Describe 'Get-GptSampleText' {
    It 'makes as many stories as asked for' {
        Get-GptSampleText -Count 7 | Should -HaveCount 7
    }

    It 'makes the same stories from the same seed' {
        Get-GptSampleText -Count 3 -Seed 5 | Should -Be (Get-GptSampleText -Count 3 -Seed 5)
    }

    It 'makes other stories from another seed' {
        Get-GptSampleText -Seed 5 | Should -Not -Be (Get-GptSampleText -Seed 6)
    }

    It 'makes stories of another world' {
        Get-GptSampleText -Theme Sea | Should -Not -Be (Get-GptSampleText)
    }

    It 'makes no more than the pipeline takes' {
        Get-GptSampleText -Count 2000000000 | Select-Object -First 2 | Should -HaveCount 2
    }

    It 'completes the themes' {
        (Get-Completion 'Get-GptSampleText -Theme S').CompletionText | Should -Be 'Sea'
    }

    It 'refuses a negative count' {
        (Get-ErrorOf { Get-GptSampleText -Count -1 }).FullyQualifiedErrorId |
            Should -Be 'ParameterArgumentTransformationError,PsGpt.Commands.GetGptSampleTextCommand'
    }
}
