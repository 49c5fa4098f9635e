BeforeAll {
    . $PSScriptRoot/common.ps1
    $model = New-TinyModel
    @'
{"ctx": "the quick", "endings": ["brown fox", "lazy dog over the fox"], "label": 0}
{"ctx": "the lazy", "endings": ["fox", "dog"], "label": 1}
'@ | Set-Content "$TestDrive/val.jsonl"
}

Describe 'Measure-GptChoice' {
    It 'answers each example by the losses of its endings' {
        $answers = Measure-GptChoice "$TestDrive/val.jsonl" -Model $model -PerExample
        $answers.Index | Should -Be 0, 1
        foreach ($answer in $answers) {
            $answer.Sum.Count | Should -Be 2
            $answer.Prediction | Should -Be ($answer.Sum[0] -le $answer.Sum[1] ? 0 : 1)
            $answer.NormalizedPrediction | Should -Be ($answer.Loss[0] -le $answer.Loss[1] ? 0 : 1)
            $answer.IsCorrect | Should -Be ($answer.Prediction -eq $answer.Label)
        }

        # Shorter texts have the lower sum in a model that knows nothing.
        $answers[0].Prediction | Should -Be 0
    }

    It 'counts the right answers of each file' {
        $answers = Measure-GptChoice "$TestDrive/val.jsonl" -Model $model -PerExample
        $summary = Get-Item "$TestDrive/val.jsonl" | Measure-GptChoice -Model $model
        $summary.ExampleCount | Should -Be 2
        $summary.Accuracy | Should -Be (@($answers | Where-Object IsCorrect).Count / 2)
        $summary.NormalizedAccuracy | Should -Be (@($answers | Where-Object IsNormalizedCorrect).Count / 2)
        (Measure-GptChoice "$TestDrive/*.jsonl" -Model $model).Accuracy | Should -Be $summary.Accuracy
    }

    It 'reports a file that it cannot read, and reads the next one' {
        'no json' | Set-Content "$TestDrive/bad.jsonl"
        $problems = Get-ErrorOf {
            $script:summary = Measure-GptChoice "$TestDrive/bad.jsonl", "$TestDrive/none", "$TestDrive/val.jsonl" -Model $model
        }
        $problems.FullyQualifiedErrorId -replace ',.*' | Should -Be 'ChoiceFileInvalid', 'PathNotFound'
        @($summary).Count | Should -Be 1
    }

    It 'fits 80 columns' {
        foreach ($switches in @{}, @{ PerExample = $true }) {
            $lines = Measure-GptChoice "$TestDrive/val.jsonl" -Model $model @switches | Get-Line
            ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
            $lines[1] | Should -Match 'Label|NormalizedAccuracy'
        }
    }
}
