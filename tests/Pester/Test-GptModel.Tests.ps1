BeforeAll {
    . $PSScriptRoot/common.ps1
    $errorClass = 'PsGpt.Commands.TestGptModelCommand'

    # A debug state of one token for a tiny model: logits and gradients of zeros, which are not the model's.
    function New-DebugState {
        param($Model, [string] $Path)
        $configuration = $Model.Configuration
        $count = ($configuration.GetParameterShapes().ForEach{ [long]$_.Length } | Measure-Object -Sum).Sum
        $bytes = [byte[]]::new(1024 + 8 + 4 * ($configuration.VocabularySize + 1 + $count))
        $i = 0
        foreach ($field in 20240327, 2, 1, 1) { [BitConverter]::GetBytes($field).CopyTo($bytes, 4 * $i++) }
        [System.IO.File]::WriteAllBytes($Path, $bytes)
    }
}

Describe 'Test-GptModel' {
    BeforeAll {
        Push-Location $TestDrive
        $model = New-GptModel -LayerCount 1 -HeadCount 1 -ChannelCount 4 -ContextLength 4 -VocabularySize 50257
        New-DebugState $model (Join-Path $TestDrive state.bin)
    }

    AfterAll { Pop-Location }

    It 'has a row for each result, and says which are off' {
        $results = $model | Test-GptModel state.bin
        $results | Should -HaveCount 18
        $results.Where{ $_.Name -eq 'loss' }.IsWithin | Should -BeFalse
        ($results | Get-Line) -match '^loss +1\.08e\+1 +1\.00e-2 +False$' | Should -HaveCount 1
        (($results | Get-Line) | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
    }

    It 'compares the losses of steps where they are given' {
        ($model | Test-GptModel state.bin -ExpectedLoss 10.8, 10.8)[-2, -1].Name | Should -Be 'loss of step 1', 'loss of step 2'
    }

    It 'tells only whether all is well with -Quiet' {
        $model | Test-GptModel state.bin -Quiet | Should -BeFalse
    }

    It 'tells of a file that is not there, and of one of another model' {
        (Get-ErrorOf { $model | Test-GptModel none.bin }).FullyQualifiedErrorId | Should -Be "PathNotFound,$errorClass"
        (Get-ErrorOf { New-GptModel -LayerCount 2 -HeadCount 1 -ChannelCount 4 | Test-GptModel state.bin }).FullyQualifiedErrorId |
            Should -Be "DebugStateMismatch,$errorClass"
    }
}
