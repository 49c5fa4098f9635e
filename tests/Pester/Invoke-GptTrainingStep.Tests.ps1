BeforeAll {
    . $PSScriptRoot/common.ps1
    $errorClass = 'PsGpt.Commands.InvokeGptTrainingStepCommand'
}

Describe 'Invoke-GptTrainingStep' {
    BeforeEach {
        $model = New-TinyModel
        $batches = New-TinyText | ConvertTo-GptTokens -Model $model | New-GptBatch -BatchSize 2 -SequenceLength 16 -WarningAction Ignore
    }

    It 'makes one step of each batch' {
        ($batches | Invoke-GptTrainingStep -Model $model).Step | Should -Be (1..12)
    }

    It 'learns' {
        $steps = 1..5 | ForEach-Object { $batches } | Invoke-GptTrainingStep -Model $model -LearningRate 1e-2
        $steps[-1].Loss | Should -BeLessThan (0.5 * $steps[0].Loss)
    }

    It 'goes on where it stopped' {
        $null = $batches[0..2] | Invoke-GptTrainingStep -Model $model
        ($batches[3] | Invoke-GptTrainingStep -Model $model).Step | Should -Be 4
    }

    It 'says what it did' {
        $step = $batches[0] | Invoke-GptTrainingStep $model -LearningRate 0.5
        $step.LearningRate | Should -Be 0.5
        $step.GradientNorm | Should -BeGreaterThan 0
        $step.TokensPerSecond | Should -BeGreaterThan 0
        $step.ValidationLoss | Should -BeNullOrEmpty
    }

    It 'emits the model with -PassThru' {
        $batches | Invoke-GptTrainingStep -Model $model -PassThru | Should -Be $model
        $model.TrainingState.Step | Should -Be 12
    }

    It 'stops with the pipeline, at the last finished step' {
        $null = $batches | Invoke-GptTrainingStep -Model $model | Select-Object -First 5
        $model.TrainingState.Step | Should -Be 5
    }

    It 'ends within a step when the pipeline is stopped, as Ctrl+C does' {
        # A step that takes about a second. The second one begins when the first has made the optimizer's memory and updated.
        $large = New-TinyModel | ForEach-Object Tokenizer | New-GptModel -LayerCount 6 -HeadCount 4 -ChannelCount 256 -ContextLength 256
        $batch = [PsGpt.Data.TokenBatch]::new([int[]]::new(4096), [int[]]::new(4096), 16, 256, [NullString]::Value)
        $shell = [powershell]::Create()
        $null = $shell.AddScript('param($module, $model, $batch) Import-Module $module; $batch | Invoke-GptTrainingStep $model').
            AddArgument((Get-Module PsGpt).Path).AddArgument($large).AddArgument(@($batch, $batch, $batch))
        $null = $shell.BeginInvoke()
        while ($large.TrainingState.GetMoments().Count -lt 2 -and $shell.InvocationStateInfo.State -eq 'Running') {
            [System.Threading.Thread]::Yield()
        }
        $shell.Stop()
        $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        $shell.Dispose()
        $large.TrainingState.Step | Should -Be 1
        $large.Dispose()
    }

    It 'makes the same losses of the same batches' {
        $other = New-TinyModel
        ($batches | Invoke-GptTrainingStep -Model $model).Loss | Should -Be ($batches | Invoke-GptTrainingStep -Model $other).Loss
    }

    It 'says <Id> (<Category>)' -TestCases @(
        @{
            Id = 'TokenizerMismatch'; Category = 'InvalidArgument'
            Script = { ConvertTo-GptTokens 'one two three' | New-GptBatch -BatchSize 1 -SequenceLength 2 | Invoke-GptTrainingStep $model }
        }
        @{
            Id = 'SequenceTooLong'; Category = 'LimitsExceeded'
            Script = { New-TinyText | ConvertTo-GptTokens -Model $model | New-GptBatch -BatchSize 1 -SequenceLength 399 |
                Invoke-GptTrainingStep $model }
        }
        @{
            Id = 'TokenOutsideVocabulary'; Category = 'InvalidData'
            Script = { [PsGpt.Data.TokenBatch]::new((1, 999), (999, 1), 1, 2, [NullString]::Value) | Invoke-GptTrainingStep $model }
        }
        @{
            Id = 'NoTargets'; Category = 'InvalidArgument'
            Script = { [PsGpt.Data.TokenBatch]::new((1, 2), (-1, -1), 1, 2, [NullString]::Value) | Invoke-GptTrainingStep $model }
        }
        @{
            Id = 'TrainerOptionsInvalid'; Category = 'InvalidArgument'
            Script = { $batches[0] | Invoke-GptTrainingStep $model -LearningRate 0 }
        }
        @{ Id = 'TrainerOptionsInvalid'; Category = 'InvalidArgument'; Script = { $batches[0] | Invoke-GptTrainingStep $model -Beta1 1 } }
    ) {
        $records = @(Get-ErrorOf $Script)
        $records | Should -HaveCount 1
        $records[0].FullyQualifiedErrorId | Should -Be "$Id,$errorClass"
        $records[0].CategoryInfo.Category | Should -Be $Category
    }

    It 'serves the next batch after a bad one' {
        $bad = [PsGpt.Data.TokenBatch]::new((1, 999), (999, 1), 1, 2, [NullString]::Value)
        $null = $bad, $batches[0] | Invoke-GptTrainingStep -Model $model -ErrorAction Ignore
        $model.TrainingState.Step | Should -Be 1
    }

    It 'leaves the model as it was when a step fails' {
        $before = Get-WeightHash $model
        $null = [PsGpt.Data.TokenBatch]::new((1, 999), (999, 1), 1, 2, [NullString]::Value) |
            Invoke-GptTrainingStep $model -ErrorAction Ignore
        Get-WeightHash $model | Should -Be $before
    }
}
