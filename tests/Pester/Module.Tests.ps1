BeforeAll {
    . $PSScriptRoot/common.ps1
}

Describe 'The module' {
    It 'has a manifest that PowerShell accepts' {
        (Test-ModuleManifest $PSScriptRoot/../../output/PsGpt/PsGpt.psd1).Name | Should -Be 'PsGpt'
    }

    It 'exports cmdlets with approved verbs' {
        $verbs = (Get-Command -Module PsGpt -CommandType Cmdlet).Verb | Sort-Object -Unique
        $verbs | Where-Object { $_ -notin (Get-Verb).Verb } | Should -BeNullOrEmpty
    }

    It 'exports exactly what the manifest lists' {
        $manifest = Import-PowerShellDataFile $PSScriptRoot/../../output/PsGpt/PsGpt.psd1
        (Get-Module PsGpt).ExportedCmdlets.Keys | Sort-Object | Should -Be ($manifest.CmdletsToExport | Sort-Object)
        (Get-Module PsGpt).ExportedAliases.Keys | Sort-Object | Should -Be ($manifest.AliasesToExport | Sort-Object)
    }

    It 'can be removed and imported again' {
        $null = Invoke-GptCompletion Once -MaxTokens 1
        Remove-Module PsGpt
        . $PSScriptRoot/common.ps1
        (Invoke-GptCompletion Once -MaxTokens 1).Tokens | Should -HaveCount 1
    }

    It 'works in several runspaces at once' {
        $texts = 1..3 | ForEach-Object -Parallel {
            Import-Module $using:PSScriptRoot/../../output/PsGpt
            "$(Invoke-GptCompletion Once -Seed 1 -MaxTokens 10)"
        }
        $texts | Should -Be (@("$(Invoke-GptCompletion Once -Seed 1 -MaxTokens 10)") * 3)
    }
}

Describe 'The session of the README' {
    BeforeAll {
        Push-Location $TestDrive
        Get-GptSampleText -Count 50 | Set-Content story.txt
    }

    AfterAll { Pop-Location }

    It 'trains on a file and completes a prompt in one pipeline' {
        $completion = Import-GptModel | Start-GptTraining -Steps 40 -Path story.txt -PassThru |
            Invoke-GptCompletion -Prompt 'Once upon a time'
        "$completion" | Should -Not -BeNullOrEmpty
    }

    It 'takes text through tokens and batches to steps' {
        $m = Import-GptModel
        $steps = Get-Content story.txt | ConvertTo-GptTokens -Model $m |
            New-GptBatch -BatchSize 4 -SequenceLength 64 -WarningAction Ignore |
            Invoke-GptTrainingStep -Model $m -LearningRate 1e-3
        $steps.Count | Should -BeGreaterThan 5
        $m.TrainingState.Step | Should -Be $steps.Count
    }
}
