BeforeAll {
    . $PSScriptRoot/common.ps1
    $model = New-GptTokenizer "the quick brown fox jumps over the lazy dog`n" -Kind Character |
        New-GptModel -LayerCount 1 -HeadCount 2 -ChannelCount 16 -ContextLength 32 -Name tiny
}

Describe 'Measure-GptText' {
    It 'measures lines as one text, and each file as one' {
        $score = 'the quick', 'brown fox' | Measure-GptText -Model $model
        $score.Text | Should -Be "the quick`nbrown fox"
        $score.TokenCount | Should -Be 19
        $score.ByteCount | Should -Be 19
        [Math]::Abs($score.Perplexity - [Math]::Exp($score.Loss)) | Should -BeLessThan 1e-6
        [Math]::Abs($score.BitsPerByte - $score.Loss / [Math]::Log(2)) | Should -BeLessThan 1e-6

        [IO.File]::WriteAllText("$TestDrive/a.txt", 'the quickbrown fox')
        [IO.File]::WriteAllText("$TestDrive/b[1].txt", "lazy dog`n")
        $files = Get-ChildItem $TestDrive -Filter *.txt | Measure-GptText -Model $model
        $files.TokenCount | Should -Be 18, 9
        $files[1].Source | Should -BeLike '*b?1?.txt'
        (Measure-GptText -LiteralPath "$TestDrive/b[1].txt" -Model $model).Loss | Should -Be $files[1].Loss
        (Measure-GptText -Path "$TestDrive/a.*" -Model $model).Loss | Should -Be $files[0].Loss
    }

    It 'measures each line with -PerString, also those of a file' {
        $lines = 'the fox', '', 'lazy dog', 'fox' | Measure-GptText -Model $model -PerString
        $lines.LineNumber | Should -Be 1, 2, 3, 4
        $lines.Text | Should -Be 'the fox', '', 'lazy dog', 'fox'
        $lines[1].Surprisal | Should -Be 0
        $lines[1].Loss | Should -Be 0
        [Math]::Abs($lines[0].Sum - 7 * $lines[0].Loss) | Should -BeLessThan 1e-4
        $squares = 'the fox' | Measure-GptText -Model $model -PerString -PerToken | ForEach-Object { $_.Surprisal * $_.Surprisal }
        [Math]::Abs(($squares | Measure-Object -Sum).Sum - (7 + 2) * $lines[0].Surprisal * $lines[0].Surprisal) | Should -BeLessThan 1e-4
        $lines[0].Maximum | Should -BeGreaterThan $lines[0].Surprisal

        'the fox', '', 'lazy dog', 'fox' | Set-Content "$TestDrive/lines.log"
        $ofFile = Get-Item "$TestDrive/lines.log" | Measure-GptText -Model $model -PerString
        $ofFile.LineNumber | Should -Be 1, 2, 3, 4
        $ofFile.Source[0] | Should -BeLike '*lines.log'
        $ofFile | ForEach-Object { [Math]::Abs($_.Sum - $lines[$_.LineNumber - 1].Sum) | Should -BeLessThan 1e-3 }
        $ofFile.Text | Should -Be $lines.Text
    }

    It 'scores a line when it comes, and many together with -BatchSize' {
        $script:count = 0
        1..3 | ForEach-Object { $script:count++; 'the fox' } | Measure-GptText -Model $model -PerString |
            ForEach-Object { $script:count } | Should -Be 1, 2, 3
        $script:count = 0
        1..3 | ForEach-Object { $script:count++; 'the fox' } | Measure-GptText -Model $model -PerString -BatchSize 2 |
            ForEach-Object { $script:count } | Should -Be 2, 2, 3
    }

    It 'scores the lines of a file that others still write to, in a pipeline that does not end' {
        'the fox' | Set-Content "$TestDrive/app.log"
        $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
        $output.BlockingEnumerator = $true
        $shell = [powershell]::Create().AddScript({
                param($module, $model, $log)
                Import-Module $module
                Get-Content $log -Wait | Measure-GptText -PerString -Model $model | Where-Object Surprisal -gt 0.1
            }).AddArgument((Get-Module PsGpt).Path).AddArgument($model).AddArgument("$TestDrive/app.log")
        try {
            $nothing = [System.Management.Automation.PSDataCollection[psobject]]::new()
            $nothing.Complete()
            $run = $shell.BeginInvoke($nothing, $output)
            $scores = $output.GetEnumerator()
            foreach ($text in 'the fox', 'lazy dog', 'quick') {
                $scores.MoveNext() | Should -BeTrue -Because "$($shell.Streams.Error.ReadAll())"
                $scores.Current.Text | Should -Be $text
                $run.IsCompleted | Should -BeFalse
                if ($text -ne 'quick') { Add-Content "$TestDrive/app.log" ($text -eq 'the fox' ? 'lazy dog' : 'quick') }
            }
        }
        finally {
            $shell.Stop()
            $shell.Dispose()
        }
    }

    It 'stops where the pipeline stops' {
        $script:count = 0
        (1..100 | ForEach-Object { $script:count++; 'fox' } | Measure-GptText -Model $model -PerString |
            Select-Object -First 2).LineNumber | Should -Be 1, 2
        $script:count | Should -Be 2
    }

    It 'gives each token with its place' {
        $tokens = Measure-GptText 'the fox' -Model $model -PerToken
        $tokens.Text -join '' | Should -Be 'the fox'
        $tokens.Offset | Should -Be 0, 1, 2, 3, 4, 5, 6
        $loss = (Measure-GptText 'the fox' -Model $model).Loss
        [Math]::Abs(($tokens | Measure-Object Surprisal -Average).Average - $loss) | Should -BeLessThan 1e-6
        ('the', 'fox' | Measure-GptText -Model $model -PerToken -PerString).LineNumber | Should -Be 1, 1, 1, 2, 2, 2
    }

    It 'takes tokens, also from JSON, and datasets' {
        $tokens = 'the quick brown fox' | ConvertTo-GptTokens -Model $model
        $expected = (Measure-GptText 'the quick brown fox' -Model $model).Loss
        ($tokens | Measure-GptText -Model $model).Loss | Should -Be $expected
        ($tokens | ConvertTo-Json | ConvertFrom-Json | Measure-GptText -Model $model).Loss | Should -Be $expected
        $parts = New-TinyText | New-GptDataset -Model $model -ValidationFraction 0.25 | Measure-GptText -Model $model
        $parts.Source -replace '.*, ' | Should -Be 'training', 'held out'
        $parts.TokenCount | Should -Be 300, 100
        (Get-ErrorOf { 'a' | ConvertTo-GptTokens | Measure-GptText -Model $model }).FullyQualifiedErrorId |
            Should -BeLike 'TokenizerMismatch,*'
    }

    It 'has to the bit the loss of Start-GptTraining -EvaluateOnly, and of the validation of a training' {
        # Without a newline in the vocabulary nothing stands before the first token, which validation does not score either.
        $model = New-TinyModel
        $dataset = New-TinyText 388 | New-GptDataset -Model $model -ValidationFraction 0.25
        $rows = @{ SequenceLength = 32; Order = 'Sequential'; WarningAction = 'SilentlyContinue' }
        $expected = [float] (Measure-GptText $dataset -Model $model -Overlap 0)[-1].Loss
        foreach ($shape in @{ BatchSize = 1; ValidationBatches = 3 }, @{ BatchSize = 3; ValidationBatches = 1 }) {
            $measured = Start-GptTraining -Dataset $dataset -Model $model -EvaluateOnly @rows @shape
            $measured.TokenCount | Should -Be 96
            $measured.Loss | Should -Be $expected
        }

        $copy = $model |
            Start-GptTraining -Dataset $dataset -Steps 1 -LearningRate 1e-30 -WeightDecay 0 -BatchSize 1 -ValidationBatches 3 @rows
        $copy.ValidationLoss | Should -Be $expected
    }

    It 'reads a long text in windows' {
        $text = New-TinyText
        (Measure-GptText $text -Model $model).TokenCount | Should -Be 400
        (Measure-GptText $text -Model $model -Overlap 0).TokenCount | Should -Be 400
        (Get-ErrorOf { Measure-GptText $text -Model $model -Overlap 32 }).FullyQualifiedErrorId | Should -BeLike 'OverlapInvalid,*'
    }

    It 'reports a line that cannot be scored, and scores the others' {
        $problems = Get-ErrorOf { $script:scores = 'fox', 'FOX', 'dog' | Measure-GptText -Model $model -PerString }
        $problems.FullyQualifiedErrorId | Should -Be 'TextOutsideVocabulary,PsGpt.Commands.MeasureGptTextCommand'
        $scores.LineNumber | Should -Be 1, 3
        'fox', 'FOX', 'dog' | Set-Content "$TestDrive/bad.log"
        $problems = Get-ErrorOf { $script:scores = Get-Item "$TestDrive/bad.log" | Measure-GptText -Model $model -PerString }
        @($problems).Count | Should -Be 1
        $scores.LineNumber | Should -Be 1, 3
        (Get-ErrorOf { '' | Measure-GptText -Model $model }).FullyQualifiedErrorId | Should -BeLike 'TextEmpty,*'
        (Get-ErrorOf { Get-Date | Measure-GptText -Model $model }).FullyQualifiedErrorId | Should -BeLike 'InputNotText,*'
    }

    It 'takes a model by its path, and the built-in one without any' {
        $model | Export-GptModel "$TestDrive/tiny"
        (Measure-GptText fox -Model "$TestDrive/tiny").Loss | Should -Be (Measure-GptText fox -Model $model).Loss
        (Measure-GptText 'Once upon a time').Loss | Should -BeLessThan 3
    }

    It 'fits 80 columns, and is small as JSON' {
        foreach ($objects in @(
                , (Measure-GptText (New-TinyText) -Model $model)
                , (Measure-GptText (New-TinyText) -Model $model -PerString)
                , (Measure-GptText 'the fox' -Model $model -PerToken))) {
            $lines = $objects | Get-Line
            ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
            ($objects | Select-Object -First 1 | ConvertTo-Json).Length | Should -BeLessThan 800
        }
    }
}
