BeforeAll {
    . $PSScriptRoot/common.ps1
    $errorClass = 'PsGpt.Commands.NewGptModelCommand'
}

Describe 'New-GptModel' {
    BeforeAll {
        $letters = New-GptTokenizer abc -Kind Character
    }

    It 'makes a model of the given sizes' {
        $model = New-GptModel $letters -LayerCount 2 -HeadCount 2 -ChannelCount 8 -ContextLength 16 -Name small
        $c = $model.Configuration
        $model.Name, $c.LayerCount, $c.HeadCount, $c.ChannelCount, $c.ContextLength, $c.VocabularySize | Should -Be 'small', 2, 2, 8, 16, 3
    }

    It 'speaks GPT-2 unless told otherwise' {
        (New-GptModel -LayerCount 1 -HeadCount 1 -ChannelCount 2).Tokenizer.Name | Should -Be 'gpt2'
    }

    It 'takes the tokenizer from the pipeline' {
        ($letters | New-GptModel).Tokenizer | Should -Be $letters
    }

    It 'makes the same weights from the same seed' {
        Get-WeightHash (New-GptModel $letters -Seed 3) | Should -Be (Get-WeightHash (New-GptModel $letters -Seed 3))
    }

    It 'makes other weights from another seed' {
        Get-WeightHash (New-GptModel $letters -Seed 3) | Should -Not -Be (Get-WeightHash (New-GptModel $letters -Seed 4))
    }

    It 'makes the variants of the field' {
        $c = (New-GptModel $letters -Activation Relu -NoBias -UntiedHead -Dropout 0.2 -VocabularySize 10).Configuration
        "$($c.Activation) $($c.HasBias) $($c.HasTiedHead) $($c.VocabularySize)" | Should -Be 'Relu False False 10'
    }

    It 'begins positions with sines where that is asked for' {
        # Position 0: the sine is 0, the cosine is 1.
        $rows = New-GptModel $letters -PositionAmplitude 0.5 | Get-GptTensor wpe
        $rows.ToArray()[0..3] | Should -Be 0, 0.5, 0, 0.5
    }

    It 'says <Id> (<Category>)' -TestCases @(
        @{ Id = 'ConfigurationInvalid'; Category = 'InvalidArgument'; Script = { New-GptModel -HeadCount 3 -ChannelCount 16 } }
        @{ Id = 'ConfigurationInvalid'; Category = 'InvalidArgument'; Script = { New-GptModel -Dropout 1 } }
        @{ Id = 'ConfigurationInvalid'; Category = 'InvalidArgument'; Script = { New-GptModel -PositionAmplitude -1 } }
        @{ Id = 'TokenizerTooLarge'; Category = 'InvalidArgument'; Script = { New-GptModel -VocabularySize 100 } }
        @{ Id = 'OutOfMemory'; Category = 'LimitsExceeded'; Script = { New-GptModel -LayerCount 1024 -ChannelCount 65536 } }
        @{ Id = 'ParameterArgumentTransformationError'; Category = 'InvalidData'; Script = { New-GptModel -LayerCount 0 } }
        @{ Id = 'ParameterArgumentTransformationError'; Category = 'InvalidData'; Script = { New-GptModel nope } }
    ) {
        $records = @(Get-ErrorOf $Script)
        $records | Should -HaveCount 1
        $records[0].FullyQualifiedErrorId | Should -Be "$Id,$errorClass"
        $records[0].CategoryInfo.Category | Should -Be $Category
    }

    It 'is shown in a row of 80 columns' {
        $lines = New-GptModel $letters -Name small | Get-Line
        $lines -match '^small .* Float32 +4     4      128     256       0' | Should -HaveCount 1
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
    }
}
