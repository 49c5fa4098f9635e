BeforeAll { . $PSScriptRoot/common.ps1 }

Describe 'The columns of the views' {
    BeforeAll {
        Push-Location $TestDrive
        New-TinyText 2000 | Set-Content text.txt -NoNewline
        $model = New-TinyModel
        $samples = @{
            'PsGpt.Model.GptModel'           = $model
            'PsGpt.Training.TrainingStep'    = $model | Start-GptTraining text.txt -Steps 1
            'PsGpt.Training.LossMeasurement' = $model | Start-GptTraining text.txt -EvaluateOnly
            'PsGpt.Training.Recipe'          = Get-GptRecipe baby
        }
        $views = ([xml](Get-Content "$((Get-Module PsGpt).ModuleBase)/PsGpt.Format.ps1xml" -Raw)).Configuration.ViewDefinitions.View
    }

    AfterAll { Pop-Location }

    It 'are properties of <_>' -ForEach 'PsGpt.Model.GptModel', 'PsGpt.Training.TrainingStep', 'PsGpt.Training.LossMeasurement',
        'PsGpt.Training.Recipe' {
        $type = $_
        $labels = $views.Where{ @($_.ViewSelectedBy.TypeName) -contains $type }.TableControl.TableHeaders.TableColumnHeader.Label
        $labels | Should -Not -BeNullOrEmpty
        foreach ($label in $labels) { $samples[$type].psobject.Properties[$label] | Should -Not -BeNullOrEmpty -Because $label }
    }

    It 'can be selected, compared and sorted by' {
        $selected = $model | Select-Object Name, Parameters, Layers, Heads, Channels, Context, Vocabulary, Steps
        $selected.Parameters | Should -Be $model.Configuration.ParameterCount
        $selected.Layers, $selected.Steps | Should -Be $model.Configuration.LayerCount, 1
        $model | Where-Object Layers -EQ $model.Configuration.LayerCount | Should -HaveCount 1
    }

    It 'are the same for what comes back from another process' {
        $expected = $samples.Values | ForEach-Object { ($_ | Out-String -Width 80).Trim() }
        $actual = $samples.Values |
            ForEach-Object { [System.Management.Automation.PSSerializer]::Serialize($_, 1) } |
            ForEach-Object { [System.Management.Automation.PSSerializer]::Deserialize($_) } |
            ForEach-Object { ($_ | Out-String -Width 80).Trim() }
        $actual | Should -Be $expected
    }
}
