BeforeAll {
    . $PSScriptRoot/common.ps1
    Push-Location $TestDrive

    # nanoGPT's: 50304 rows, and no tokenizer.
    New-GptModel -Tokenizer gpt2 -VocabularySize 50304 -LayerCount 1 -HeadCount 2 -ChannelCount 8 -ContextLength 16 |
        Export-GptModel nano | Out-Null
    Remove-Item nano/tokenizer.json, nano/tokenizer_config.json
    Copy-Item -Recurse nano broken
    '{"model":{"type":"Unigram","vocab":[]}}' | Set-Content broken/tokenizer.json
    Export-GptTokenizer gpt2.json -Tokenizer gpt2 | Out-Null

    $text = 'hello there, world and all who live in it, from the first day to the last one of them'
    $text | Set-Content text.txt -NoNewline
    '{"ctx": "hello there", "endings": ["world", "who lives"], "label": 0}' | Set-Content choice.jsonl
    $imported = Import-GptModel nano -Tokenizer gpt2
    $batch = ConvertTo-GptTokens -Path text.txt -Tokenizer gpt2 | New-GptBatch -BatchSize 1 -SequenceLength 8 | Select-Object -First 1
}

AfterAll { Pop-Location }

Describe '-Tokenizer beside -Model' {
    It 'gives <Name> what the model imported with it gives' -ForEach @(
        @{ Name = 'Measure-GptText'; Script = { param($model, $more) (Measure-GptText -Path text.txt -Model $model @more).Loss } }
        @{ Name = 'Measure-GptChoice'; Script = {
                param($model, $more) (Measure-GptChoice choice.jsonl -PerExample -Model $model @more).Loss
            }
        }
        @{ Name = 'Get-GptPrediction'; Script = { param($model, $more) (Get-GptPrediction 'hello there' -Top 2 -Model $model @more).Text } }
        @{ Name = 'Get-GptActivation'; Script = {
                param($model, $more) (Get-GptActivation 'hello there' lnf -Model $model @more).LabelsOf(0)
            }
        }
        @{ Name = 'Show-GptAttention'; Script = { param($model, $more) Show-GptAttention 'hello there' -Model $model @more } }
        @{ Name = 'Invoke-GptForward'; Script = { param($model, $more) ($batch | Invoke-GptForward $model @more).Loss } }
        @{ Name = 'Invoke-GptCompletion'; Script = {
                param($model, $more) (Invoke-GptCompletion 'hello' -Temperature 0 -MaxTokens 8 -Model $model @more).Text
            }
        }
        @{ Name = 'Invoke-GptTrainingStep'; Script = {
                param($model, $more)
                (Measure-GptText -Path text.txt -Model ($batch | Invoke-GptTrainingStep $model -PassThru @more)).Loss
            }
        }
        @{ Name = 'Start-GptTraining'; Script = {
                param($model, $more)
                $trained = Start-GptTraining text.txt -Model $model -Steps 2 -SequenceLength 8 -ValidationFraction 0 -PassThru @more
                (Measure-GptText -Path text.txt -Model $trained).Loss
            }
        }
    ) {
        $more = @{ WarningVariable = 'warned'; WarningAction = 'SilentlyContinue' }
        $expected = & $Script (Import-GptModel nano -Tokenizer gpt2) @{}
        $expected | Should -Not -BeNullOrEmpty
        $cases = @('nano', 'gpt2'), @('broken', 'gpt2.json'), @((Import-GptModel nano 3>$null), $imported.Tokenizer)
        foreach ($case in $cases) {
            $model, $tokenizer = $case
            & $Script $model ($more + @{ Tokenizer = $tokenizer }) | Should -Be $expected
            $warned | Should -BeNullOrEmpty
        }
    }

    It 'goes with the export, the training and its checkpoints' {
        Export-GptModel exported -Model nano -Tokenizer gpt2 | Import-GptModel | ForEach-Object { $_.Tokenizer.Name } | Should -Be 'gpt2'
        (Export-GptModel again -Model nano -Tokenizer gpt2 -PassThru).Tokenizer.Name | Should -Be 'gpt2'
        $options = @{ Steps = 2; SequenceLength = 8; ValidationFraction = 0; CheckpointPath = 'run'; Tokenizer = 'gpt2' }
        $trained = Start-GptTraining text.txt -Model nano -PassThru @options
        $trained.Tokenizer.Name | Should -Be 'gpt2'
        (Import-GptModel run/step-00000002).Tokenizer.Name | Should -Be 'gpt2'
        $options.Steps = 3
        (Start-GptTraining text.txt -Model nano -Resume -PassThru @options).Steps | Should -Be 3
    }

    It 'leaves the model of the user its own, and trains it' {
        $model = Import-GptModel nano 3>$null
        $trained = $model | Start-GptTraining text.txt -Steps 2 -SequenceLength 8 -ValidationFraction 0 -PassThru -Tokenizer gpt2
        $model.Tokenizer | Should -BeNullOrEmpty
        $model.Steps | Should -Be 2
        Get-WeightHash $trained | Should -Be (Get-WeightHash $model)
    }

    It 'makes the new model of a recipe speak it' {
        $recipe = @{ Recipe = 'baby'; Steps = 1; SequenceLength = 8; BatchSize = 1; ValidationFraction = 0; PassThru = $true }
        (Start-GptTraining text.txt -Tokenizer gpt2 @recipe).Tokenizer.Name | Should -Be 'gpt2'
    }

    It 'names the tokens that have no row, once, and refuses only texts that have them' {
        $scores = @('The', 'I' | Measure-GptText -PerString -Tokenizer gpt2 -WarningVariable warned -WarningAction SilentlyContinue)
        $scores.Count | Should -Be 2
        @($warned).Count | Should -Be 1
        "$warned" | Should -BeLike "*there is none for 50256 '<|endoftext|>'*"
        Get-ErrorOf { Measure-GptText 'mama' -Tokenizer gpt2 3>$null } | ForEach-Object FullyQualifiedErrorId |
            Should -BeLike 'TokenOutsideVocabulary,*'
    }

    It 'is named by the error where a model has none' {
        foreach ($script in { Invoke-GptCompletion 'a' -Model nano 3>$null }, { Measure-GptText 'a' -Model nano 3>$null }) {
            Get-ErrorOf $script | ForEach-Object { "$_" } | Should -BeLike "*give it 'gpt2'. -Tokenizer gives it one*"
        }
    }

    It 'is named by the error where that of the files cannot be read, each time' {
        foreach ($i in 1, 2) {
            $problem = Get-ErrorOf { Invoke-GptCompletion 'a' -Model broken }
            $problem.FullyQualifiedErrorId | Should -Be 'TokenizerUnsupported,PsGpt.Commands.InvokeGptCompletionCommand'
            "$problem" | Should -BeLike "*-Tokenizer gives a model another tokenizer*"
        }
    }
}

Describe 'Warnings of files that a parameter names' {
    BeforeAll {
        # Cuts texts, which is warned of; its words are its own, so that it is no built-in one.
        $file = New-GptTokenizer 'the quick brown fox' -VocabularySize 260 | Export-GptTokenizer cut.json
        $json = Get-Content $file -Raw | ConvertFrom-Json -AsHashtable
        $json.truncation = @{ max_length = 4; stride = 0; strategy = 'LongestFirst'; direction = 'Right' }
        $json | ConvertTo-Json -Depth 20 | Set-Content cut.json
    }

    It 'go to the warning stream of <Name>' -ForEach @(
        @{ Name = 'ConvertTo-GptTokens'; Script = { 'the fox' | ConvertTo-GptTokens -Tokenizer cut.json @args } }
        @{ Name = 'ConvertFrom-GptTokens'; Script = { 1, 2 | ConvertFrom-GptTokens -Tokenizer cut.json @args } }
        @{ Name = 'New-GptDataset'; Script = { 'the fox' | New-GptDataset -Tokenizer cut.json @args } }
        @{ Name = 'New-GptModel'; Script = { New-GptModel -Tokenizer cut.json -LayerCount 1 -HeadCount 1 -ChannelCount 4 @args } }
        @{ Name = 'Import-GptModel'; Script = { Import-GptModel nano -Tokenizer cut.json @args } }
        @{ Name = 'Export-GptTokenizer'; Script = { Export-GptTokenizer other.json -Force -Tokenizer cut.json @args } }
        @{ Name = 'Export-GptTokenizer through the pipeline'; Script = { 'cut.json' | Export-GptTokenizer other.json -Force @args } }
        @{ Name = 'Measure-GptText'; Script = { 'the fox' | Measure-GptText -Tokenizer cut.json @args } }
        @{ Name = 'Measure-GptModel'; Script = { Measure-GptModel nano @args } }
        @{ Name = 'Test of a path in the pipeline'; Script = { 'nano' | Resize-GptModel 8 @args } }
        @{ Name = 'Measure-GptText -Model'; Script = { Measure-GptText 'a' -Model cutmodel @args } }
    ) {
        if (-not (Test-Path cutmodel)) {
            Import-GptTokenizer cut.json 3>$null |
                New-GptModel -LayerCount 1 -HeadCount 1 -ChannelCount 4 -ContextLength 8 | Export-GptModel cutmodel | Out-Null
            Copy-Item cut.json cutmodel/tokenizer.json
        }

        # Models that are only read are kept from call to call: a file that changes makes them be read again.
        (Get-Item nano/config.json).LastWriteTime = Get-Date
        & $Script -WarningVariable warned -WarningAction SilentlyContinue -ErrorAction SilentlyContinue | Out-Null
        @($warned).Count | Should -Be 1
        (Get-Item nano/config.json).LastWriteTime = [datetime]'2020-01-01'
        @(& $Script -ErrorAction SilentlyContinue 3>&1 | Where-Object { $_ -is [System.Management.Automation.WarningRecord] }).Count |
            Should -Be 1
    }

    It 'stop the cmdlet where the user says so' {
        Get-ErrorOf { 'the fox' | ConvertTo-GptTokens -Tokenizer cut.json -WarningAction Stop 3>$null } | Should -Not -BeNullOrEmpty
    }
}
