BeforeAll {
    . $PSScriptRoot/common.ps1
    $errorClass = 'PsGpt.Commands.StartGptTrainingCommand'
}

Describe 'Start-GptTraining -CheckpointPath' {
    BeforeAll {
        Push-Location $TestDrive
        New-TinyText 2000 | Set-Content text.txt -NoNewline
        $count = 0
    }

    AfterAll { Pop-Location }

    BeforeEach {
        $model = New-TinyModel
        $other = New-TinyModel
        $run = "run$((++$script:count))"
    }

    It 'keeps the latest, the best and some older ones' {
        $best = ($model | Start-GptTraining text.txt -Steps 25 -CheckpointPath $run -CheckpointInterval 2 -Keep 2 |
            Where-Object ValidationLoss | Sort-Object ValidationLoss)[0].Step
        $expected = @('step-00000022', 'step-00000024', 'step-00000025') + "step-$($best.ToString('00000000'))" | Sort-Object -Unique
        (Get-ChildItem $run -Directory).Name | Sort-Object | Should -Be $expected
        Get-Content $run/latest | Should -Be step-00000025
        Get-Content $run/best | Should -Be "step-$($best.ToString('00000000'))"
    }

    It 'keeps what Import-GptModel reads' {
        $null = $model | Start-GptTraining text.txt -Steps 3 -CheckpointPath $run
        Get-WeightHash (Import-GptModel "$run/$(Get-Content $run/latest)") | Should -Be (Get-WeightHash $model)
    }

    It 'ends after 20 steps and 20 more with -Resume as after 40' {
        $options = @{ Path = 'text.txt'; BatchSize = 2; LearningRate = 1e-2; Seed = 7; ValidationInterval = 3 }
        $whole = $model | Start-GptTraining @options -Steps 40
        $first = $other | Start-GptTraining @options -Steps 20 -CheckpointPath $run
        $third = New-TinyModel
        $rest = $third | Start-GptTraining text.txt -Steps 40 -CheckpointPath $run -Resume -WarningVariable warning
        $warning | Should -BeNullOrEmpty
        ($first + $rest).Loss | Should -Be $whole.Loss
        $rest[-1].ValidationLoss | Should -Be $whole[-1].ValidationLoss
        Get-WeightHash $third | Should -Be (Get-WeightHash $model)
    }

    It 'resumes in a pipeline that ends with a completion' {
        $null = $model | Start-GptTraining text.txt -Steps 6 -CheckpointPath $run | Select-Object -First 4
        $text = $other | Start-GptTraining text.txt -CheckpointPath $run -Resume -PassThru |
            Invoke-GptCompletion -Prompt the -MaxTokens 5 -Temperature 0
        $other.TrainingState.Step | Should -Be 6
        $text.Text.Length | Should -Be 5
    }

    It 'takes what is not given from the beginning of the run' {
        $options = @{ Steps = 9; BatchSize = 3; SequenceLength = 16; ValidationInterval = 0; CheckpointInterval = 2; Keep = 3 }
        $null = $model | Start-GptTraining text.txt -CheckpointPath $run @options | Select-Object -First 4
        $steps = $other | Start-GptTraining text.txt -CheckpointPath $run -Resume -WarningVariable warning
        $steps.Step | Should -Be (5..9)
        $steps.Where{ $null -ne $_.ValidationLoss } | Should -BeNullOrEmpty
        (Get-ChildItem $run -Directory).Name | Should -Be @(4, 6, 8, 9).ForEach{ "step-0000000$_" }
        $warning | Should -BeNullOrEmpty
    }

    It 'warns of what is given and changes the course' {
        $null = $model | Start-GptTraining text.txt -Steps 9 -CheckpointPath $run | Select-Object -First 4
        $quiet = @{ WarningVariable = 'warning'; WarningAction = 'SilentlyContinue' }
        $null = $model | Start-GptTraining text.txt -CheckpointPath $run -Resume -LearningRate 1e-2 @quiet
        "$warning" | Should -Match 'LearningRate 0.0003 instead of 0.01'
    }

    It 'tells what is given from what is not under each name that a parameter has' {
        $given = @{
            Epochs = 9; MaxMinutes = 9; Accumulation = 2; OverfitOneBatch = $true; WarmupSteps = 1; MinLearningRate = 1e-5
            ValidationBatches = 2; ValidateFirst = $true
            DecayAll = $true; ClipNorm = 0.5; Dropout = 0.1; SkipOutliers = 3; FreezeLayers = 0; FreezeEmbedding = $true
        }
        $null = $model | Start-GptTraining text.txt -Steps 4 -CheckpointPath $run | Select-Object -First 2
        $null = $other |
            Start-GptTraining text.txt -Steps 4 -CheckpointPath $run -Resume @given -WarningVariable warning -WarningAction SilentlyContinue
        foreach ($name in 'Accumulation', 'OverfitOneBatch', 'WarmupSteps', 'MinLearningRate', 'ValidationBatches', 'DecayAll', 'ClipNorm',
            'Dropout', 'SkipOutliers', 'FreezeLayers', 'FreezeEmbedding') {
            "$warning" | Should -Match $name
        }
    }

    It 'misses a script block for -Schedule, which no file can hold' {
        $block = { param($step, $default) $default / $step }
        $whole = $model | Start-GptTraining text.txt -Steps 6 -Schedule $block
        $null = $other | Start-GptTraining text.txt -Steps 6 -Schedule $block -CheckpointPath $run | Select-Object -First 3
        $rest = $other | Start-GptTraining text.txt -Schedule $block -CheckpointPath $run -Resume -WarningVariable warning |
            Select-Object -First 2
        $warning | Should -BeNullOrEmpty
        $rest.Loss | Should -Be $whole[3, 4].Loss
        $null = $other | Start-GptTraining text.txt -CheckpointPath $run -Resume -WarningVariable warning -WarningAction SilentlyContinue
        "$warning" | Should -Match 'a rule of your own for the learning rate'
    }

    It 'leaves its last step with Select-Object -First' {
        $null = $model | Start-GptTraining text.txt -Steps 1000000 -CheckpointPath $run -ValidationInterval 0 | Select-Object -First 5
        Get-Content $run/latest | Should -Be step-00000005
    }

    It 'leaves its last step when the pipeline is stopped, as Ctrl+C does' {
        $shell = [powershell]::Create()
        $script = 'param($module, $model, $path, $run) Import-Module $module
            $model | Start-GptTraining $path -Steps 2000000000 -CheckpointPath $run -PassThru'
        $null = $shell.AddScript($script).AddArgument((Get-Module PsGpt).Path).AddArgument($model)
        $null = $shell.AddArgument((Resolve-Path text.txt).Path).AddArgument("$TestDrive/$run")
        $null = $shell.BeginInvoke()
        while ($model.TrainingState.Step -lt 3 -and $shell.InvocationStateInfo.State -eq 'Running') { Start-Sleep -Milliseconds 1 }
        $shell.Stop()
        $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        $shell.Dispose()
        $step = $model.TrainingState.Step
        Get-Content $run/latest | Should -Be "step-$($step.ToString('00000000'))"
        ($other | Start-GptTraining text.txt -CheckpointPath $run -Resume | Select-Object -First 1).Step | Should -Be ($step + 1)
    }

    It 'begins anew and says so where there is nothing to resume' {
        $quiet = @{ WarningVariable = 'warning'; WarningAction = 'SilentlyContinue' }
        ($model | Start-GptTraining text.txt -Steps 2 -CheckpointPath $run -Resume @quiet).Step | Should -Be 1, 2
        "$warning" | Should -Match 'no checkpoint'
    }

    It 'says so when the run is over already' {
        $null = $model | Start-GptTraining text.txt -Steps 2 -CheckpointPath $run
        $other | Start-GptTraining text.txt -CheckpointPath $run -Resume -WarningVariable warning -WarningAction SilentlyContinue |
            Should -BeNullOrEmpty
        "$warning" | Should -Match 'over already, after 2 steps'
        Get-WeightHash $other | Should -Be (Get-WeightHash $model)
    }

    It 'imports no checkpoint with a changed byte' {
        $null = $model | Start-GptTraining text.txt -Steps 3 -CheckpointPath $run
        $file = "$(Convert-Path $run)/step-00000003/model.safetensors"
        $bytes = [System.IO.File]::ReadAllBytes($file)
        $bytes[-5] = $bytes[-5] -bxor 1
        [System.IO.File]::WriteAllBytes($file, $bytes)
        $record = Get-ErrorOf { Import-GptModel "$run/step-00000003" }
        $record.FullyQualifiedErrorId | Should -Be 'CheckpointBroken,PsGpt.Commands.ImportGptModelCommand'
        "$record" | Should -Match "'model.safetensors' is not as it was written"
    }

    It 'leaves no hidden file' {
        $null = $model | Start-GptTraining text.txt -Steps 2 -CheckpointPath $run
        (Get-ChildItem $run -Force).Name | Sort-Object | Should -Be best, latest, step-00000002
    }

    It 'falls back to an older checkpoint and says so' {
        $null = $model | Start-GptTraining text.txt -Steps 6 -CheckpointPath $run -CheckpointInterval 4
        Remove-Item $run/step-00000006/model.safetensors
        $steps = $other | Start-GptTraining text.txt -CheckpointPath $run -Resume -WarningVariable warning -WarningAction SilentlyContinue
        $steps.Step | Should -Be 5, 6
        "$warning" | Should -Match "step-00000006' is not whole: 'model.safetensors' is missing"
        Get-WeightHash $other | Should -Be (Get-WeightHash $model)
    }

    It 'says <Id> (<Category>) and leaves the model alone' -TestCases @(
        @{ Id = 'CheckpointPathMissing'; Category = 'InvalidArgument'; Script = { $other | Start-GptTraining text.txt -Resume } }
        @{ Id = 'CheckpointPathMissing'; Category = 'InvalidArgument'; Script = { $other | Start-GptTraining text.txt -Keep 3 } }
        @{ Id = 'CheckpointsExist'; Category = 'ResourceExists'; Script = { $other | Start-GptTraining text.txt -CheckpointPath $run } }
        @{
            Id = 'CheckpointMismatch'; Category = 'InvalidData'
            Script = { $other | Start-GptTraining text.txt -CheckpointPath $run -Resume -BatchSize 5 }
        }
        @{
            Id = 'CheckpointMismatch'; Category = 'InvalidData'
            Script = {
                Set-Content less.txt (New-TinyText 1900) -NoNewline; $other | Start-GptTraining less.txt -CheckpointPath $run -Resume
            }
        }
        @{
            Id = 'CheckpointMismatch'; Category = 'InvalidData'
            Script = { New-TinyModel -ContextLength 16 | Start-GptTraining text.txt -CheckpointPath $run -Resume -SequenceLength 16 }
        }
        @{
            Id = 'CheckpointBroken'; Category = 'InvalidData'
            Script = { Remove-Item $run/*/config.json; $other | Start-GptTraining text.txt -CheckpointPath $run -Resume }
        }
        @{ Id = 'WriteFailed'; Category = 'WriteError'; Script = { $other | Start-GptTraining text.txt -CheckpointPath text.txt } }
        @{
            Id = 'PathNotFileSystem'; Category = 'InvalidArgument'
            Script = { $other | Start-GptTraining text.txt -CheckpointPath Env:\run }
        }
    ) {
        $null = $model | Start-GptTraining text.txt -Steps 3 -CheckpointPath $run
        $before = Get-WeightHash $other
        $records = @(Get-ErrorOf $Script)
        $records | Should -HaveCount 1
        $records[0].FullyQualifiedErrorId | Should -Be "$Id,$errorClass"
        $records[0].CategoryInfo.Category | Should -Be $Category
        Get-WeightHash $other | Should -Be $before
    }

    It 'keeps the checkpoints of one model only' {
        $records = @(Get-ErrorOf { $model, $other | Start-GptTraining text.txt -Steps 2 -CheckpointPath $run -Resume 3> $null })
        $records.FullyQualifiedErrorId | Should -Be "CheckpointPathTaken,$errorClass"
        $other.TrainingState.Step | Should -Be 0
    }
}
