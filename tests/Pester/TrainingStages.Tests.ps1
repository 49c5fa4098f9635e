BeforeAll {
    . $PSScriptRoot/common.ps1

    function New-TinyBatch {
        param($Model, [int] $Count = 3)
        New-TinyText 2000 | ConvertTo-GptTokens -Model $Model | New-GptBatch -BatchSize 2 -SequenceLength 16 | Select-Object -First $Count
    }
}

Describe 'Invoke-GptForward, Invoke-GptBackward, Update-GptModel' {
    BeforeEach {
        $model = New-TinyModel
        $batches = New-TinyBatch $model
    }

    It 'takes the steps of Invoke-GptTrainingStep to the last bit' {
        $whole = New-TinyModel
        Get-WeightHash $whole | Should -Be (Get-WeightHash $model)
        $expected = $batches | Invoke-GptTrainingStep -Model $whole -Optimizer adamw -LearningRate 1e-2
        $steps = $batches | Invoke-GptForward -Model $model | Invoke-GptBackward | Update-GptModel -Optimizer adamw -LearningRate 1e-2
        $steps.Loss | Should -Be $expected.Loss
        $steps.GradientNorm | Should -Be $expected.GradientNorm
        Get-WeightHash $model | Should -Be (Get-WeightHash $whole)
    }

    It 'shows each stage in a table of 80 columns' {
        $forward = $batches[0] | Invoke-GptForward -Model $model
        ($forward | Get-Line)[1] | Should -Match '^ *Step +Loss +TokenCount +Milliseconds +IsPending'
        $backward = $forward | Invoke-GptBackward
        ($backward | Get-Line)[1] | Should -Match '^ *Step +Loss +GradientNorm +TokenCount +Milliseconds +IsPending'
        ($backward | Get-Line | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        $backward | ConvertTo-Json -Depth 1 -WarningAction Ignore | ConvertFrom-Json | ForEach-Object Step | Should -Be 1
    }

    It 'lets gradients be read and changed by both names' {
        $backward = $batches[0] | Invoke-GptForward -Model $model | Invoke-GptBackward
        ($backward | Get-GptTensor -Gradient).Name -join ' ' | Should -Be (($model | Get-GptTensor).Name -join ' ')
        ($backward | Get-GptTensor wte -Gradient).Norm | Should -BeGreaterThan 0
        $norm = $backward.GradientNorm
        $backward | Get-GptTensor 'h.0.*' -Gradient | Set-GptTensor 0
        $backward.GradientNorm | Should -BeLessThan $norm
        $before = ($model | Get-GptTensor qkvw).ToArray()
        $backward | Update-GptModel -WeightDecay 0 | Out-Null
        ($model | Get-GptTensor qkvw).ToArray() | Should -Be $before
    }

    It 'accumulates, and leaves a batch out' {
        $steps = $batches | Invoke-GptForward -Model $model | Invoke-GptBackward | Update-GptModel -Accumulation 2
        $steps.Step | Should -Be 1, 2
        $losses = $batches | Invoke-GptForward -Model $model | ForEach-Object Loss
        $step = $batches | Invoke-GptForward -Model $model | Where-Object Loss -NE $losses[1] | Invoke-GptBackward |
            Update-GptModel -Accumulation 5
        $step.Step | Should -Be 3
        $step.Loss | Should -BeGreaterThan 0
        [Math]::Abs($step.Loss - ($losses[0] + $losses[2]) / 2) | Should -BeLessThan 1e-5
    }

    It 'changes nothing with -WhatIf, and emits the model with -PassThru' {
        $backward = $batches[0] | Invoke-GptForward -Model $model | Invoke-GptBackward
        $before = Get-WeightHash $model
        $backward | Update-GptModel -WhatIf
        Get-WeightHash $model | Should -Be $before
        ($backward | Update-GptModel -PassThru) | Should -Be $model
        Get-WeightHash $model | Should -Not -Be $before
    }

    It 'refuses a stage twice or late, and serves the next one' {
        $forward = $batches | Invoke-GptForward -Model $model
        $backward = $forward[0], $forward[1] | Invoke-GptBackward
        (Get-ErrorOf { $forward[0] | Invoke-GptBackward }).FullyQualifiedErrorId |
            Should -Be 'StageRepeated,PsGpt.Commands.InvokeGptBackwardCommand'
        $problems = Get-ErrorOf { $script:steps = $backward[0], $backward[0], $backward[1] | Update-GptModel }
        $problems.FullyQualifiedErrorId |
            Should -Be 'StageRepeated,PsGpt.Commands.UpdateGptModelCommand', 'StageOutOfOrder,PsGpt.Commands.UpdateGptModelCommand'
        "$($problems[1])" | Should -BeLike '*for step 1*the next step of the model is 2*'
        @($steps).Count | Should -Be 1
        (Get-ErrorOf { $forward[2] | Invoke-GptBackward }).FullyQualifiedErrorId | Should -BeLike 'StageOutOfOrder,*'
    }

    It 'says what is there where a stage is left out' {
        $problems = Get-ErrorOf {
            $batches[0] | Invoke-GptBackward
            $batches[0] | Update-GptModel
            'text' | Invoke-GptForward -Model $model
        }
        $problems.Count | Should -Be 3
        "$($problems[0])" | Should -BeLike '*A TokenBatch is no result of Invoke-GptForward*'
        "$($problems[1])" | Should -BeLike '*A TokenBatch is no result of Invoke-GptBackward*'
        "$($problems[2])" | Should -BeLike '*A String is no result of New-GptBatch*'
        (Get-ErrorOf { $model | Get-GptTensor -Gradient }).FullyQualifiedErrorId |
            Should -Be 'GradientsMissing,PsGpt.Commands.GetGptTensorCommand'
    }

    It 'reports a batch that does not fit and a freed model' {
        $small = New-TinyModel -ContextLength 8
        (Get-ErrorOf { $batches[0] | Invoke-GptForward -Model $small }).FullyQualifiedErrorId |
            Should -Be 'SequenceTooLong,PsGpt.Commands.InvokeGptForwardCommand'
        $backward = $batches[0] | Invoke-GptForward -Model $model | Invoke-GptBackward
        $model.Dispose()
        (Get-ErrorOf { $backward | Update-GptModel }).FullyQualifiedErrorId | Should -BeLike 'ObjectDisposed,*'
        (Get-ErrorOf { $batches[0] | Invoke-GptForward -Model $model }).FullyQualifiedErrorId | Should -BeLike 'ObjectDisposed,*'
    }
}
