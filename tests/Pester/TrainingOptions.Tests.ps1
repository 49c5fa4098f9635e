BeforeAll {
    . $PSScriptRoot/common.ps1
    $errorClass = 'PsGpt.Commands.StartGptTrainingCommand'
}

Describe 'How Start-GptTraining trains' {
    BeforeAll {
        Push-Location $TestDrive
        New-TinyText 2000 | Set-Content text.txt -NoNewline
        New-TinyText 500 | Set-Content held.out -NoNewline
    }

    AfterAll { Pop-Location }

    BeforeEach {
        $model = New-TinyModel
    }

    Context 'parameters' {
        It 'all reach the run, which is stored with its checkpoint' {
            $given = @{
                Steps = 3; Epochs = 7.5; MaxMinutes = 9; BatchSize = 2; SequenceLength = 16; SequenceWarmupSteps = 1
                Accumulation = 3; Order = 'Sequential'
                OverfitOneBatch = $true
                ValidationInterval = 2; ValidationBatches = 1; ValidateFirst = $true; Patience = 8; Schedule = 'cosine'; WarmupSteps = 1
                MinLearningRate = 1e-5
                DecayFraction = 0.25; EmaDecay = 0.75; Seed = 17
                Optimizer = 'muon'; LearningRate = 2e-3; AdamWLearningRate = 3e-3; WeightDecay = 0.3
                DecayAll = $true
                Beta1 = 0.8; Beta2 = 0.85; Epsilon = 1e-7; Momentum = 0.7; ClipNorm = 0.6; SkipOutliers = 5; Dropout = 0.125
                FreezeLayers = 0; FreezeEmbedding = $true
                EstimateTrainingLoss = $true; SampleInterval = 2; SamplePrompt = 'the'
            }
            $null = $model | Start-GptTraining text.txt @given -CheckpointPath stored 6> $null
            $options = (Get-Content stored/step-00000003/training.json | ConvertFrom-Json).Options
            $expected = [ordered]@{
                Steps = 3; Epochs = 7.5; MaxMinutes = 9; BatchSize = 2; SequenceLength = 16; SequenceWarmupSteps = 1
                Accumulation = 3; Order = 'Sequential'
                OverfitOneBatch = $true
                ValidationInterval = 2; ValidationBatches = 1; ValidateFirst = $true; Patience = 8; Schedule = 'cosine'; WarmupSteps = 1
                MinLearningRate = 1e-5
                DecayFraction = 0.25; EmaDecay = 0.75; Seed = 17
            }
            foreach ($name in $expected.Keys) { $options.$name | Should -Be $expected[$name] -Because $name }
            $expected = [ordered]@{
                Optimizer = 'muon'; LearningRate = 2e-3; WeightDecay = 0.3; DecayAll = $true
                ClipNorm = 0.6; SkipOutliers = 5; Dropout = 0.125; FreezeLayers = 0; FreezeEmbedding = $true; Seed = 17
            }
            foreach ($name in $expected.Keys) { $options.Trainer.$name | Should -Be $expected[$name] -Because $name }
            $options.Trainer.AdamW.Beta1, $options.Trainer.AdamW.Beta2, $options.Trainer.AdamW.Epsilon | Should -Be 0.8, 0.85, 1e-7
            $options.Trainer.Muon.Momentum, $options.Trainer.Muon.AdamWLearningRate | Should -Be 0.7, 3e-3
            $options.EstimateTrainingLoss, $options.SampleInterval, $options.SamplePrompt | Should -Be $true, 2, 'the'
            # A parameter that is new belongs into this test. Plug-ins and the format of gradients (4) have tests of their own.
            @($options.psobject.Properties).Count + @($options.Trainer.psobject.Properties).Count | Should -Be 40
        }
    }

    Context 'optimizers' {
        It 'learns with <_>' -ForEach 'adamw', 'muon', 'sgd' {
            $rate = @{ adamw = 1e-2; muon = 2e-2; sgd = 0.3 }[$_]
            $steps = $model | Start-GptTraining text.txt -Steps 60 -Optimizer $_ -LearningRate $rate
            $steps[-1].Loss | Should -BeLessThan (0.8 * $steps[0].Loss)
        }

        It 'offers their names' {
            (Get-Completion 'Start-GptTraining -Optimizer m').CompletionText | Should -Be 'muon'
        }
    }

    Context 'an average of the weights' {
        It 'is what is measured, and the model at the end' {
            $steps = $model | Start-GptTraining text.txt -Steps 12 -LearningRate 1e-2 -EmaDecay 0.9
            $plain = New-TinyModel | Start-GptTraining text.txt -Steps 12 -LearningRate 1e-2
            $steps[-1].Loss | Should -Be $plain[-1].Loss
            $steps[-1].ValidationLoss | Should -Not -Be $plain[-1].ValidationLoss
            ($model | Start-GptTraining text.txt -EvaluateOnly).Loss | Should -Be $steps[-1].ValidationLoss
        }

        It 'cannot keep all of itself' {
            { $model | Start-GptTraining text.txt -Steps 2 -EmaDecay 1 -ErrorAction Stop } |
                Should -Throw -ErrorId "TrainingRunOptionsInvalid,$errorClass"
        }
    }

    Context 'schedules' {
        It 'follows <Name>' -ForEach @(
            @{ Name = 'constant'; Rates = 1, 1, 1, 1 }
            @{ Name = 'linear'; Rates = 1, 0.75, 0.5, 0.25 }
            @{ Name = 'cosine'; Rates = 1, 0.853553, 0.5, 0.146447 }
            @{ Name = 'warmup-stable-decay'; Rates = 1, 1, 1, 0.5 }
        ) {
            $steps = $model | Start-GptTraining text.txt -Steps 4 -Schedule $Name -LearningRate 1e-3 -DecayFraction 0.5
            $steps.LearningRate.ForEach{ [Math]::Round($_ / 1e-3, 5) } | Should -Be $Rates.ForEach{ [Math]::Round($_, 5) }
        }

        It 'warms up, and falls to a floor' {
            $steps = $model | Start-GptTraining text.txt -Steps 6 -Schedule linear -WarmupSteps 2 -LearningRate 1e-3 -MinLearningRate 5e-4
            $steps.LearningRate.ForEach{ [Math]::Round($_ * 1e6) } | Should -Be 500, 1000, 1000, 875, 750, 625
        }

        It 'lets a block decide, which knows the step and what the schedule would say' {
            $steps = $model | Start-GptTraining text.txt -Steps 3 -LearningRate 1e-3 -Schedule { param($step, $default) $default / $step }
            $steps.LearningRate.ForEach{ [Math]::Round($_ * 1e6) } | Should -Be 1000, 500, 333
        }

        It 'offers their names' {
            (Get-Completion 'Start-GptTraining -Schedule co').CompletionText | Should -Be 'constant', 'cosine'
        }
    }

    Context 'batches' {
        It 'averages the gradients of several batches' {
            $other = New-TinyModel
            $steps = $model | Start-GptTraining text.txt -Steps 2 -Order Sequential -BatchSize 2 -SequenceLength 16 -Accumulation 2
            $whole = $other | Start-GptTraining text.txt -Steps 2 -Order Sequential -BatchSize 4 -SequenceLength 16
            $steps.GradientNorm.ForEach{ [Math]::Round($_, 4) } | Should -Be $whole.GradientNorm.ForEach{ [Math]::Round($_, 4) }
        }

        It 'goes through the text so many times' {
            $steps = $model | Start-GptTraining text.txt -Epochs 2 -Order Shuffled -BatchSize 4 -SequenceLength 32 -ValidationFraction 0
            $steps | Should -HaveCount 30
            $steps[-1].Epoch | Should -Be 2
        }

        It 'stops when the time is over' {
            $steps = @($model | Start-GptTraining text.txt -MaxMinutes 0.0001)
            $steps.Count | Should -BeGreaterOrEqual 1
            $model.TrainingState.Step | Should -Be $steps.Count
        }

        It 'learns one batch by heart' {
            $steps = $model | Start-GptTraining text.txt -Steps 200 -OverfitOneBatch -LearningRate 1e-2 -BatchSize 1 -ValidationInterval 0
            $steps[-1].Loss | Should -BeLessThan 0.2
        }
    }

    Context 'measuring' {
        It 'holds out files of their own' {
            ($model | Start-GptTraining text.txt -Steps 1 -ValidationPath held.out).ValidationLoss | Should -BeGreaterThan 0
        }

        It 'measures without training' {
            $before = Get-WeightHash $model
            $measured = $model | Start-GptTraining text.txt -EvaluateOnly -ValidationBatches 3
            $measured.TokenCount | Should -Be (3 * 4 * 32)
            $measured.Perplexity | Should -Be ([Math]::Exp($measured.Loss))
            Get-WeightHash $model | Should -Be $before
            ($model | Start-GptTraining text.txt -Steps 1 -ValidateFirst -ValidationBatches 3).InitialValidationLoss |
                Should -Be $measured.Loss
        }

        It 'ends when the loss on held-out text does not fall any more' {
            $steps = $model | Start-GptTraining text.txt -Steps 50 -LearningRate 1e-30 -ValidationInterval 1 -Patience 3
            $steps | Should -HaveCount 4
        }

        It 'lets the model write every so many steps' {
            $steps = $model |
                Start-GptTraining text.txt -Steps 4 -SampleInterval 2 -SamplePrompt 'the fox' -InformationVariable shown 6> $null
            $steps.Where{ $_.Sample }.Step | Should -Be 2, 4
            $steps[1].Sample | Should -BeLike 'the fox*'
            "$($shown[0])" | Should -Be $steps[1].Sample
        }
    }

    Context 'fine-tuning' {
        It 'trains only what is not frozen' {
            # The final norm is all that is left of this model, too little to learn the text with.
            $other = New-TinyModel
            $frozen = $model | Start-GptTraining text.txt -Steps 40 -LearningRate 1e-2 -FreezeLayers 0 -FreezeEmbedding
            $free = $other | Start-GptTraining text.txt -Steps 40 -LearningRate 1e-2
            $frozen[0].Loss | Should -Be $free[0].Loss
            $frozen[-1].Loss | Should -BeGreaterThan ($free[-1].Loss + 0.5)
        }
    }

    Context 'recipes' {
        It 'sets what a recipe says, and what the user gives wins' {
            $steps = $model | Start-GptTraining text.txt -Recipe llm.c -Steps 2 -SequenceLength 32
            $steps | Should -HaveCount 2
            $steps[0].LearningRate | Should -Be ([float]1e-4)
            $steps[0].InitialValidationLoss | Should -BeGreaterThan 0
        }

        It 'makes the model of the recipe where none is given' {
            $made = Start-GptTraining text.txt -Recipe baby -Steps 1 -PassThru
            $made.Name | Should -Be 'baby'
            $made.Configuration.LayerCount, $made.Configuration.ChannelCount, $made.Configuration.HasBias | Should -Be 4, 128, $false
            $made.Tokenizer.VocabularySize | Should -Be 27
        }

        It 'reads a file of the user as data' {
            Set-Content mine.psd1 "@{ Description = 'mine'; Parameters = @{ Steps = 3; Schedule = 'linear'; OverfitOneBatch = `$true } }"
            $model | Start-GptTraining text.txt -Recipe ./mine.psd1 | Should -HaveCount 3
        }

        It 'trains a copy of the built-in model where there is neither model nor recipe, and says that it is not kept' {
            Start-GptTraining -Steps 1 -WarningVariable warning -WarningAction SilentlyContinue | Should -HaveCount 1
            "$warning" | Should -Match '-PassThru'
        }

        It 'says so too of a model that is imported for a dataset, and not where nothing is trained' {
            $model | Export-GptModel lost
            $dataset = New-GptDataset text.txt -Model $model
            $lost = @{ WarningVariable = 'warning'; WarningAction = 'SilentlyContinue' }
            $null = $dataset | Start-GptTraining -Model ./lost -Steps 1 @lost
            "$warning" | Should -Match '-PassThru'
            $null = $dataset | Start-GptTraining -Model $model -Steps 1 @lost
            "$warning" | Should -BeNullOrEmpty
            $null = Get-ErrorOf { Start-GptTraining text.txt -Steps 1 -ValidationPath nowhere.txt @lost }
            "$warning" | Should -BeNullOrEmpty
        }

        It 'fits each recipe to the parameters that there are' {
            foreach ($recipe in Get-GptRecipe) {
                $options = @{ Steps = 1; EvaluateOnly = $true; BatchSize = 1; SequenceLength = 8; ValidationBatches = 1 }
                Get-ErrorOf { $null = Start-GptTraining text.txt -Recipe $recipe @options } | Should -BeNullOrEmpty -Because $recipe.Name
            }
        }

        It 'trains by each without a file' {
            $small = @{ Steps = 1; BatchSize = 1; SequenceLength = 8; Accumulation = 1; ValidationBatches = 1 }
            foreach ($recipe in Get-GptRecipe) {
                $step = Start-GptTraining -Recipe $recipe.Name @small -WarningAction SilentlyContinue
                $step.Loss | Should -BeGreaterThan 0 -Because $recipe.Name
                if ($recipe.Parameters['ValidationInterval'] -ne 0) {
                    $step.ValidationLoss | Should -BeGreaterThan 0 -Because $recipe.Name
                }
            }
        }

        It 'warns of a run that ends within its warm-up, by a recipe or not' -ForEach @(
            @{ Options = @{ Recipe = 'nanogpt-cpu'; Steps = 1; BatchSize = 1; SequenceLength = 8; ValidationBatches = 1 }; Steps = 100 }
            @{ Options = @{ Schedule = 'linear'; LearningRate = 1e-3; Steps = 1; WarmupSteps = 4; ValidationInterval = 0 }; Steps = 4 }
        ) {
            $step = Start-GptTraining text.txt @Options -WarningVariable told -WarningAction SilentlyContinue
            [Math]::Round($step.LearningRate * $Steps, 8) | Should -Be 1e-3
            "$told" | Should -BeLike "*ends within the warm-up of $Steps steps, so the learning rate stays below 0.001.*"
        }

        It 'says nothing of a warm-up that the run outlasts, or that a rule decides on' {
            $options = @{ Steps = 2; ValidationInterval = 0; WarningVariable = 'told'; WarningAction = 'SilentlyContinue' }
            $null = Start-GptTraining text.txt @options -WarmupSteps 2 -PassThru
            "$told" | Should -Not -BeLike '*warm-up*'
            $null = Start-GptTraining text.txt @options -WarmupSteps 9 -Schedule { 1e-4 } -PassThru
            "$told" | Should -Not -BeLike '*warm-up*'
        }

        It 'makes the vocabulary of byte pairs that a recipe asks for' {
            $steps = Start-GptTraining text.txt -Recipe log-lines -Steps 1 -WarningAction SilentlyContinue
            $steps.Loss | Should -BeGreaterThan 0
            $made = Get-Content text.txt | Start-GptTraining -Recipe log-lines -Steps 1 -PassThru
            $made.Tokenizer.VocabularySize | Should -BeIn (257..512)
            $made.Configuration.VocabularySize | Should -Be $made.Tokenizer.VocabularySize
            $made.Tokenizer.Name | Should -Be (Get-Content text.txt | New-GptTokenizer -VocabularySize 512).Name
            (Start-GptTraining -Recipe log-lines -Steps 1 -PassThru).Tokenizer.VocabularySize | Should -Be 512
        }

        It 'takes recipes from the pipeline, each with its own model' {
            $models = 'baby', 'nanogpt-cpu' | Get-GptRecipe |
                Start-GptTraining text.txt -Steps 1 -WarmupSteps 0 -ValidationInterval 0 -PassThru
            $models.Name | Should -Be 'baby', 'nanogpt-cpu'
        }

        It 'shows a file of the user' {
            $file = '@{ Description = "shown"; Parameters = @{ DecayShare = 0.5 }; Model = @{ LayerCount = 2; NoBias = $true } }'
            Set-Content shown.psd1 $file
            $recipe = Get-GptRecipe ./shown.psd1
            $recipe.Name, $recipe.Description, $recipe.Parameters['DecayFraction'], $recipe.Model['LayerCount'] |
                Should -Be 'shown', 'shown', 0.5, 2
            (Get-GptRecipe ./sh*.psd1).Name | Should -Be 'shown'
        }

        It 'offers their names' {
            (Get-Completion 'Start-GptTraining -Recipe shake').CompletionText | Should -Contain 'shakespeare-char'
        }
    }

    Context 'input' {
        It 'trains on <Name>' -ForEach @(
            @{ Name = 'files'; Script = { Get-ChildItem text.txt | Start-GptTraining -Model $model @once } }
            @{ Name = 'lines'; Script = { Get-Content text.txt | Start-GptTraining -Model $model @once } }
            @{ Name = 'chunks of lines'; Script = { Get-Content text.txt -ReadCount 10 | Start-GptTraining -Model $model @once } }
            @{ Name = 'tokens'; Script = { ConvertTo-GptTokens -Path text.txt -Model $model | Start-GptTraining -Model $model @once } }
            @{ Name = 'a file by its name'; Script = { $model | Start-GptTraining text.txt @once } }
        ) {
            $once = @{ Steps = 1; ValidationInterval = 0; Seed = 3 }
            $expected = (New-TinyModel | Start-GptTraining text.txt @once).Loss
            $step = & $Script
            $step.Step | Should -Be 1
            $step.Loss | Should -Be $expected
        }

        It 'trains on each dataset' {
            $dataset = New-GptDataset -Path text.txt -Model $model
            ($dataset, $dataset | Start-GptTraining -Model $model -Steps 1).Step | Should -Be 1, 2
        }

        It 'draws other windows in a second run, and the same ones with a seed' {
            $options = @{ Steps = 3; LearningRate = 1e-30; ValidationInterval = 0; WeightDecay = 0 }
            $runs = 1..2 | ForEach-Object { ($model | Start-GptTraining text.txt @options).Loss -join ' ' }
            $runs[1] | Should -Not -Be $runs[0]
            $seeded = 1..2 | ForEach-Object { ($model | Start-GptTraining text.txt @options -Seed 5).Loss -join ' ' }
            $seeded[1] | Should -Be $seeded[0]
        }

        It 'emits the model of the lowest loss with -PassThru and -Patience' {
            $options = @{ Steps = 30; LearningRate = 0.3; ValidationInterval = 1; Patience = 3; Seed = 1 }
            $best = (New-TinyModel | Start-GptTraining text.txt @options | Sort-Object ValidationLoss)[0]
            $made = $model | Start-GptTraining text.txt @options -PassThru
            $made.TrainingState.Step | Should -Be $best.Step
            ($made | Start-GptTraining text.txt -EvaluateOnly).Loss | Should -Be $best.ValidationLoss
        }

        It 'estimates the loss on the text of the training' {
            $step = $model | Start-GptTraining text.txt -Steps 1 -ValidationFraction 0.5 -EstimateTrainingLoss
            $step.TrainingLoss | Should -BeGreaterThan 0
            $step.TrainingLoss | Should -Not -Be $step.ValidationLoss
        }

        It 'trains and writes nothing with -WhatIf' {
            $model | Start-GptTraining text.txt -Steps 1 -CheckpointPath planned -WhatIf | Should -BeNullOrEmpty
            $model.TrainingState.Step | Should -Be 0
            Test-Path planned | Should -BeFalse
        }

        It 'lets nobody overwrite a result' {
            $step = $model | Start-GptTraining text.txt -Steps 1
            { $step.Loss = 99 } | Should -Throw
        }
    }

    Context 'errors' {
        It 'refuses <Name> before the first step (<Id>)' -ForEach @(
            @{
                Name = 'an unknown optimizer'; Id = 'PluginNotFound'; Category = 'ObjectNotFound'
                Script = { $model | Start-GptTraining text.txt -Optimizer adam }
            }
            @{
                Name = 'an unknown schedule'; Id = 'PluginNotFound'; Category = 'ObjectNotFound'
                Script = { $model | Start-GptTraining text.txt -Schedule sine }
            }
            @{
                Name = 'a block that throws'; Id = 'ScheduleInvalid'; Category = 'InvalidArgument'
                Script = { $model | Start-GptTraining text.txt -Schedule { throw 'no' } }
            }
            @{
                Name = 'a block that gives text'; Id = 'ScheduleInvalid'; Category = 'InvalidArgument'
                Script = { $model | Start-GptTraining text.txt -Schedule { '1e-3' } }
            }
            @{
                Name = 'a block that gives nothing'; Id = 'ScheduleInvalid'; Category = 'InvalidArgument'
                Script = { $model | Start-GptTraining text.txt -Schedule { } }
            }
            @{
                Name = 'a block that gives a negative rate'; Id = 'LearningRateInvalid'; Category = 'InvalidArgument'
                Script = { $model | Start-GptTraining text.txt -Schedule { -1 } }
            }
            @{
                Name = 'a falling schedule without an end'; Id = 'TrainingRunOptionsInvalid'; Category = 'InvalidArgument'
                Script = { $model | Start-GptTraining text.txt -Schedule cosine -MaxMinutes 1 }
            }
            @{
                Name = 'patience without measuring'; Id = 'TrainingRunOptionsInvalid'; Category = 'InvalidArgument'
                Script = { $model | Start-GptTraining text.txt -Patience 2 -ValidationInterval 0 }
            }
            @{
                Name = 'a layer that is not there'; Id = 'TrainerOptionsInvalid'; Category = 'InvalidArgument'
                Script = { $model | Start-GptTraining text.txt -FreezeLayers 7 }
            }
            @{
                Name = 'two ways to hold out'; Id = 'ValidationAmbiguous'; Category = 'InvalidArgument'
                Script = { $model | Start-GptTraining text.txt -ValidationFraction 0.2 -ValidationPath held.out }
            }
            @{
                Name = 'nothing to measure on'; Id = 'NothingToMeasure'; Category = 'InvalidData'
                Script = { $model | Start-GptTraining text.txt -EvaluateOnly -ValidationFraction 0 }
            }
            @{
                Name = 'a sample prompt in foreign letters'; Id = 'TextOutsideVocabulary'; Category = 'InvalidData'
                Script = { $model | Start-GptTraining text.txt -SampleInterval 1 -SamplePrompt 'Ñ' }
            }
            @{
                Name = 'a recipe that is not there'; Id = 'RecipeNotFound'; Category = 'ObjectNotFound'
                Script = { $model | Start-GptTraining text.txt -Recipe none }
            }
            @{
                Name = 'a recipe file that is not there'; Id = 'PathNotFound'; Category = 'ObjectNotFound'
                Script = { $model | Start-GptTraining text.txt -Recipe none.psd1 }
            }
            @{
                Name = 'a recipe that would run'; Id = 'RecipeInvalid'; Category = 'InvalidData'
                Script = {
                    Set-Content bad.psd1 '@{ Parameters = @{ Steps = (Get-Date).Year } }'
                    $model | Start-GptTraining text.txt -Recipe bad.psd1
                }
            }
            @{
                Name = 'a recipe with a slip'; Id = 'RecipeInvalid'; Category = 'InvalidData'
                Script = { Set-Content slip.psd1 '@{ Parameters = @{ Step = 3 } }'; $model | Start-GptTraining text.txt -Recipe slip.psd1 }
            }
            @{
                Name = 'a recipe with a value that is none'; Id = 'RecipeInvalid'; Category = 'InvalidData'
                Script = {
                    Set-Content value.psd1 '@{ Parameters = @{ Steps = "many" } }'; $model | Start-GptTraining text.txt -Recipe value.psd1
                }
            }
            @{
                Name = 'patience with nothing to measure'; Id = 'NothingToMeasure'; Category = 'InvalidData'
                Script = { $model | Start-GptTraining text.txt -Patience 1 -ValidationFraction 0 }
            }
            @{
                Name = 'an interval with nothing to measure'; Id = 'NothingToMeasure'; Category = 'InvalidData'
                Script = { $model | Start-GptTraining text.txt -ValidationInterval 1 -ValidationFraction 0 }
            }
            @{
                Name = 'a rate that is no number'; Id = 'TrainerOptionsInvalid'; Category = 'InvalidArgument'
                Script = { $model | Start-GptTraining text.txt -LearningRate NaN }
            }
            @{
                Name = 'an option of another optimizer'; Id = 'OptionNotUsed'; Category = 'InvalidArgument'
                Script = { $model | Start-GptTraining text.txt -Momentum 0.5 }
            }
            @{
                Name = 'something that is no text'; Id = 'InputNotUsable'; Category = 'InvalidArgument'
                Script = { @{ a = 1 } | Start-GptTraining -Model $model }
            }
            @{
                Name = 'two texts'; Id = 'InputAmbiguous'; Category = 'InvalidArgument'
                Script = { 'a text' | Start-GptTraining text.txt -Model $model }
            }
            @{
                Name = 'a share of a dataset'; Id = 'ValidationAmbiguous'; Category = 'InvalidArgument'
                Script = { New-GptDataset -Path text.txt -Model $model | Start-GptTraining -Model $model -ValidationFraction 0.1 }
            }
            @{
                Name = 'tokens without a model'; Id = 'ModelMissing'; Category = 'InvalidArgument'
                Script = { ConvertTo-GptTokens (New-TinyText) | Start-GptTraining }
            }
        ) {
            $records = @(Get-ErrorOf $Script)
            $records | Should -HaveCount 1
            $records[0].FullyQualifiedErrorId | Should -Be "$Id,$errorClass"
            $records[0].CategoryInfo.Category | Should -Be $Category
            $model.TrainingState.Step | Should -Be 0
        }

        It 'stops at a loss that is no number, and leaves the model as it was before the step' {
            $other = New-TinyModel
            $options = @{ Optimizer = 'sgd'; LearningRate = 1e30; ClipNorm = 0 }
            (Get-ErrorOf { $null = $model | Start-GptTraining text.txt -Steps 9 @options }).FullyQualifiedErrorId |
                Should -Be "TrainingDiverged,$errorClass"
            $done = $model.TrainingState.Step
            $done | Should -BeGreaterThan 0
            $null = $other | Start-GptTraining text.txt -Steps $done @options
            Get-WeightHash $model | Should -Be (Get-WeightHash $other)
        }
    }
}
