BeforeAll {
    . $PSScriptRoot/common.ps1
    $module = (Get-Module PsGpt).Path
}

Describe 'Training in the background' {
    BeforeAll {
        Push-Location $TestDrive
        New-TinyText 3000 | Set-Content text.txt -NoNewline
        $path = (Resolve-Path text.txt).ProviderPath
        New-TinyModel | Export-GptModel tiny.bin
        $modelPath = (Resolve-Path tiny.bin).ProviderPath

        # What a run is: its losses, and the weights it ends with.
        $run = {
            param($module, $modelPath, $path, $seed)
            Import-Module $module
            $model = Import-GptModel $modelPath
            $model | Start-GptTraining $path -Steps 25 -Seed $seed
            $target = Join-Path ([IO.Path]::GetTempPath()) "$([guid]::NewGuid()).weights"
            $null = $model | Export-GptModel -Path $target -Format llm.c
            (Get-FileHash $target).Hash
            Remove-Item $target
        }
        $alone = 1..3 | ForEach-Object { , @(& $run $module $modelPath $path $_) }
    }

    AfterAll { Pop-Location }

    It 'makes the same run under Start-ThreadJob' {
        $result = Start-ThreadJob $run -ArgumentList $module, $modelPath, $path, 1 | Receive-Job -Wait -AutoRemoveJob
        $result | Should -HaveCount 26
        $result[0] | Should -BeOfType PsGpt.Training.TrainingStep
        $result.Loss | Should -Be $alone[0].Loss
        $result[-1] | Should -Be $alone[0][-1]
    }

    It 'makes the same runs side by side as one after the other' {
        $jobs = 1..3 | ForEach-Object { Start-ThreadJob $run -ArgumentList $module, $modelPath, $path, $_ }
        $results = $jobs | ForEach-Object { , @(Receive-Job $_ -Wait -AutoRemoveJob) }
        foreach ($i in 0..2) {
            $results[$i].Loss | Should -Be $alone[$i].Loss
            $results[$i][-1] | Should -Be $alone[$i][-1]
        }
        $results[0][-1] | Should -Not -Be $results[1][-1]
    }

    It 'can be stopped as a job, and the model stands at a finished step' {
        $model = New-TinyModel
        $job = Start-ThreadJob { param($module, $model, $path) Import-Module $module; $model |
            Start-GptTraining $path -Steps 2000000000 } -ArgumentList $module, $model, $path
        while ($model.TrainingState.Step -lt 3 -and $job.State -in 'NotStarted', 'Running') { Start-Sleep -Milliseconds 1 }
        $job | Stop-Job
        $stoppedAt = $model.TrainingState.Step
        $job.State | Should -Be 'Stopped'
        $job | Remove-Job
        ($model | Start-GptTraining text.txt -Steps 1).Step | Should -Be ($stoppedAt + 1)
    }

    Context 'in a process of its own' {
        BeforeAll {
            $steps = Start-Job $run -ArgumentList $module, $modelPath, $path, 2 | Receive-Job -Wait -AutoRemoveJob
            $hash, $steps = $steps[-1], $steps[0..24]
        }

        It 'makes the same run under Start-Job' {
            $steps.Loss | Should -Be $alone[1][0..24].Loss
            $hash | Should -Be $alone[1][-1]
        }

        It 'shows the steps that come back as it shows its own' {
            $steps[0].PSTypeNames | Should -Contain 'Deserialized.PsGpt.Training.TrainingStep'
            $steps | Get-Line | Select-Object -First 3 | Should -Match '^( +Step +Epoch +Loss +Val loss|[ -]*$)'
        }

        It 'draws the steps that come back' {
            $steps | Show-GptLoss -Width 60 | Should -Be ($alone[1][0..24] | Show-GptLoss -Width 60)
            $steps | Export-GptChart job.svg
            $alone[1][0..24] | Export-GptChart own.svg
            Get-Content job.svg -Raw | Should -Be (Get-Content own.svg -Raw)
        }
    }
}
