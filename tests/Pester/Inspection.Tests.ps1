BeforeAll {
    . $PSScriptRoot/common.ps1
    $model = New-TinyModel
}

Describe 'Get-GptActivation' {
    It 'gives every activation of a text by llm.c''s names' {
        $all = Get-GptActivation 'the fox' -Model $model
        $all.Count | Should -Be (1 + 16 + 5)
        $all[0].Name | Should -Be 'encoded'
        ($all | Where-Object Name -EQ 'h.0.qkv').Shape -join ',' | Should -Be '7,48'
        $all[-1].Name | Should -Be 'probs'
    }

    It 'labels attention with heads and token texts' {
        $att = $model | Get-GptActivation 'the fox' -Name h.0.att
        $att.Shape -join ',' | Should -Be '2,7,7'
        $att.LabelsOf(0) | Should -Be '0', '1'
        $att.LabelsOf(1) -join '' | Should -Be 'the fox'
        $att[0, 3].ToArray() | Measure-Object -Sum | ForEach-Object { [Math]::Round($_.Sum, 5) } | Should -Be 1
    }

    It 'labels the vocabulary with the texts of its tokens' {
        $logits = $model | Get-GptActivation 'the fox' -Name logits
        $labels = $logits.LabelsOf(1)
        $labels.Count | Should -Be $model.Configuration.VocabularySize
        $labels[3] | Should -Be $model.Tokenizer.Decode([int[]] 3)
        $logits[0, '2..4'].LabelsOf(0) -join '' | Should -Be $model.Tokenizer.Decode([int[]](2, 3, 4))
        ($model | Get-GptTensor wte).LabelsOf(0) -join '' | Should -Be ($labels -join '')
        $logits.NameOf(0), $logits.NameOf(1) | Should -Be 'token', 'vocabulary'
    }

    It 'takes a name without a layer, wildcards, several texts, tokens and ids' {
        (Get-GptActivation fox att, 'ln?' -Model $model).Name -join ' ' | Should -Be 'h.0.ln1 h.0.att h.0.ln2 lnf'
        ('fox', 'dog' | Get-GptActivation -Model $model -Name logits).Count | Should -Be 2
        $tokens = 'fox' | ConvertTo-GptTokens -Model $model
        $expected = (Get-GptActivation fox logits -Model $model).ToArray()
        ($tokens | Get-GptActivation -Model $model -Name logits).ToArray() | Should -Be $expected
        ($model | Get-GptActivation -Tokens $tokens.Ids -Name logits).ToArray() | Should -Be $expected
        (Get-GptActivation -Model $model -Tokens $tokens -Name logits).ToArray() | Should -Be $expected
    }

    It 'reports a name that matches nothing with the nearest ones, and serves the next name' {
        $problem = Get-ErrorOf { $script:found = Get-GptActivation fox h.0.atn, lnf -Model $model }
        $problem.FullyQualifiedErrorId | Should -Be 'ActivationNotFound,PsGpt.Commands.GetGptActivationCommand'
        "$problem" | Should -Match 'h\.0\.att'
        $found.Name | Should -Be 'lnf'
    }

    It 'reports a text that does not fit, and reads the next one' {
        $problems = Get-ErrorOf { $script:found = ('x' * 40), 'Ü', '', 'fox' | Get-GptActivation -Model $model -Name lnf }
        $problems.FullyQualifiedErrorId -replace ',.*' | Should -Be 'SequenceTooLong', 'TextOutsideVocabulary', 'TextEmpty'
        @($found).Count | Should -Be 1
        (Get-ErrorOf { Get-GptActivation -Tokens (Get-Date) -Model $model }).FullyQualifiedErrorId | Should -BeLike 'TokensInvalid,*'
    }
}

Describe 'Get-GptPrediction' {
    It 'gives the likeliest tokens at each position' {
        $predictions = Get-GptPrediction 'the fox' -Model $model -Top 2
        $predictions.Count | Should -Be 14
        $predictions[13].Position | Should -Be 6
        $predictions[13].Rank | Should -Be 2
        $predictions[13].After | Should -Be 'x'
        $probs = Get-GptActivation 'the fox' probs -Model $model
        $predictions[13].Probability | Should -BeGreaterThan 0
        [Math]::Abs($predictions[13].Probability - $probs[6, $predictions[13].Token]) | Should -BeLessThan 1e-6
        $predictions[12].Text | Should -Be ($model.Tokenizer.Decode([int[]] $predictions[12].Token))
    }

    It 'reads out earlier layers, and says which there are' {
        ($model | Get-GptPrediction fox -Layer 0 -Top 1).Layer | Should -Be 0, 0, 0
        (Get-ErrorOf { $model | Get-GptPrediction fox -Layer 1 }).FullyQualifiedErrorId |
            Should -Be 'LayerNotFound,PsGpt.Commands.GetGptPredictionCommand'
    }

    It 'fits a table of 80 columns' {
        $lines = Get-GptPrediction fox -Model $model -Top 1 | Get-Line
        $lines[1] | Should -Match '^Layer +Position +After +Rank +Token +Text +Probability'
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
    }

    It 'reports a freed model' {
        $freed = New-TinyModel
        $freed.Dispose()
        (Get-ErrorOf { Get-GptPrediction fox -Model $freed }).FullyQualifiedErrorId | Should -BeLike 'ObjectDisposed,*'
    }
}
