BeforeAll {
    . $PSScriptRoot/common.ps1
    $module = (Get-Module PsGpt).Path

    # Trains until it is stopped or fails. The caller sees by the step count that the training has begun.
    function Start-EndlessTraining($Model) {
        $job = Start-ThreadJob -ArgumentList $module, $Model, (Resolve-Path $TestDrive/text.txt).ProviderPath {
            param($module, $model, $path)
            Import-Module $module
            $model | Start-GptTraining $path -Steps 2000000000
        }
        while ($Model.TrainingState.Step -lt 3 -and $job.State -in 'NotStarted', 'Running') {
            [System.Threading.Thread]::Yield() | Out-Null
        }
        $job
    }
}

Describe 'A model that several jobs share' {
    BeforeAll {
        Push-Location $TestDrive
        New-TinyText 3000 | Set-Content text.txt -NoNewline
        $batch = Get-Content text.txt -Raw | ConvertTo-GptTokens -Model (New-TinyModel) |
            New-GptBatch -BatchSize 2 -SequenceLength 8 | Select-Object -First 1
    }

    AfterAll { Pop-Location }

    Context 'while a job trains it' {
        BeforeAll {
            $model = New-TinyModel
            $job = Start-EndlessTraining $model
        }

        AfterAll { $job | Stop-Job -PassThru | Remove-Job }

        It 'refuses <Name>' -ForEach @(
            @{ Name = 'a second run'; Work = { $model | Start-GptTraining text.txt -Steps 1 -ErrorAction Stop } }
            @{ Name = 'a step by hand'; Work = { $batch | Invoke-GptTrainingStep -Model $model -ErrorAction Stop } }
            @{ Name = 'an export'; Work = { $model | Export-GptModel -Path refused.bin -ErrorAction Stop } }
            @{ Name = 'a shorter context'; Work = { $model | Resize-GptModel -ContextLength 4 -ErrorAction Stop } }
        ) {
            $Work | Should -Throw -ErrorId 'ModelInUse*'
            Test-Path refused.bin | Should -BeFalse
            $job.State | Should -Be 'Running'
        }

        It 'completes texts' {
            (Invoke-GptCompletion -Model $model -Prompt 'a' -MaxTokens 3 -ErrorAction Stop) | Should -HaveCount 1
        }
    }

    It 'can be trained again after the job was stopped' {
        $model = New-TinyModel
        Start-EndlessTraining $model | Stop-Job -PassThru | Remove-Job
        $stoppedAt = $model.TrainingState.Step
        ($model | Start-GptTraining text.txt -Steps 1).Step | Should -Be ($stoppedAt + 1)
        $model | Export-GptModel -Path after.bin -ErrorAction Stop
    }

    It 'ends the training with an error when it is freed, and the process lives' {
        $model = New-TinyModel
        $job = Start-EndlessTraining $model
        $model.Dispose()
        $job | Wait-Job -Timeout 60 | Should -Not -BeNullOrEmpty
        $job | Receive-Job -ErrorAction SilentlyContinue -ErrorVariable errors | Out-Null
        $errors.FullyQualifiedErrorId | Should -BeLike 'ObjectDisposed,*'
        $job | Remove-Job
    }

    It 'is free when the last batch of a pipeline was trained on' {
        $model = New-TinyModel
        $batch | Invoke-GptTrainingStep -Model $model -PassThru | Export-GptModel -Path passed.bin -ErrorAction Stop
        Test-Path passed.bin | Should -BeTrue
    }
}
