BeforeAll {
    . $PSScriptRoot/common.ps1
    $errorClass = 'PsGpt.Commands.StartGptTrainingCommand'
}

Describe 'Start-GptTraining' {
    BeforeAll {
        Push-Location $TestDrive
        New-TinyText 2000 | Set-Content text.txt -NoNewline
        New-TinyText 2000 | Set-Content -LiteralPath 'text[1].txt' -NoNewline
    }

    AfterAll { Pop-Location }

    BeforeEach {
        $model = New-TinyModel
    }

    Context 'data' {
        It 'trains the built-in model on the built-in text' {
            $steps = Import-GptModel | Start-GptTraining -Steps 40
            $steps.Step | Should -Be (1..40)
            $steps[-1].Loss | Should -BeLessThan $steps[0].Loss
            $steps[-1].ValidationLoss | Should -BeLessThan $steps[9].ValidationLoss
        }

        It 'reads a file' {
            $model | Start-GptTraining -Path text.txt -Steps 3 | Should -HaveCount 3
        }

        It 'reads files by wildcard' {
            $model | Start-GptTraining *.txt -Steps 3 | Should -HaveCount 3
        }

        It 'takes brackets for themselves with -LiteralPath' {
            $model | Start-GptTraining -LiteralPath 'text[1].txt' -Steps 3 | Should -HaveCount 3
        }

        It 'takes tokens as an argument' {
            $model | Start-GptTraining -Tokens (New-TinyText | ConvertTo-GptTokens -Model $model) -Steps 3 | Should -HaveCount 3
        }

        It 'takes tokens from the pipeline' {
            (New-TinyText), (New-TinyText) | ConvertTo-GptTokens -Model $model -PerString | Start-GptTraining -Model $model -Steps 3 |
                Should -HaveCount 3
        }

        It 'takes a dataset, and makes the same run of it as of its file' {
            $other = New-TinyModel
            $dataset = New-GptDataset text.txt -Model $model
            ($model | Start-GptTraining -Dataset $dataset -Steps 5).ValidationLoss |
                Should -Be ($other | Start-GptTraining text.txt -Steps 5).ValidationLoss
        }

        It 'says when a dataset holds out too little to measure on' {
            $dataset = New-GptDataset text.txt -Model $model -ValidationFraction 0.01
            $steps = $model | Start-GptTraining -Dataset $dataset -Steps 1 -WarningVariable warning -WarningAction SilentlyContinue
            $steps.ValidationLoss | Should -BeNullOrEmpty
            "$warning" | Should -Match 'too few for a row of 32'
        }

        It 'makes the same run of a file as of its tokens' {
            $other = New-TinyModel
            $tokens = ConvertTo-GptTokens -Path text.txt -Model $model
            ($model | Start-GptTraining text.txt -Steps 5).Loss | Should -Be ($other | Start-GptTraining -Tokens $tokens -Steps 5).Loss
        }

        It 'separates files by the end of text' {
            Set-Content a.md ('0 ' * 200) -NoNewline
            Set-Content b.md ('1 ' * 200) -NoNewline
            $speaker, $other = 1..2 | ForEach-Object { New-GptModel -LayerCount 1 -HeadCount 1 -ChannelCount 4 }
            $tokens = @(ConvertTo-GptTokens -Path a.md -AddEndOfText) + @(ConvertTo-GptTokens -Path b.md)
            ($speaker | Start-GptTraining [ab].md -Steps 2).Loss | Should -Be ($other | Start-GptTraining -Tokens $tokens -Steps 2).Loss
        }

        It 'trains each model that comes' {
            $other = New-TinyModel
            $steps = $model, $other | Start-GptTraining text.txt -Steps 2
            $steps[2, 3].Loss | Should -Be $steps[0, 1].Loss
        }

        It 'shortens its rows to the context of the model' {
            New-TinyModel -ContextLength 8 | Start-GptTraining text.txt -Steps 1 | Should -HaveCount 1
        }
    }

    Context 'run' {
        It 'learns' {
            $steps = $model | Start-GptTraining text.txt -Steps 60 -LearningRate 1e-2
            $steps[-1].Loss | Should -BeLessThan (0.5 * $steps[0].Loss)
        }

        It 'measures held-out text every so many steps, and at the end' {
            $steps = $model | Start-GptTraining text.txt -Steps 7 -ValidationInterval 3
            $steps.Where{ $null -ne $_.ValidationLoss }.Step | Should -Be 3, 6, 7
        }

        It 'measures nothing with -ValidationInterval 0' {
            $steps = $model | Start-GptTraining text.txt -Steps 3 -ValidationInterval 0
            $steps.Where{ $null -ne $_.ValidationLoss } | Should -BeNullOrEmpty
        }

        It 'makes the same run of the same seed' {
            $other = New-TinyModel
            ($model | Start-GptTraining text.txt -Steps 5 -Seed 3).Loss |
                Should -Be ($other | Start-GptTraining text.txt -Steps 5 -Seed 3).Loss
        }

        It 'makes another run of another seed' {
            $other = New-TinyModel
            ($model | Start-GptTraining text.txt -Steps 5 -Seed 3).Loss |
                Should -Not -Be ($other | Start-GptTraining text.txt -Steps 5 -Seed 4).Loss
        }

        It 'goes on where an earlier run stopped' {
            $null = $model | Start-GptTraining text.txt -Steps 3
            ($model | Start-GptTraining text.txt -Steps 2).Step | Should -Be 4, 5
        }

        It 'emits the model instead of the steps with -PassThru' {
            $model | Start-GptTraining text.txt -Steps 3 -PassThru | Should -Be $model
            $model.TrainingState.Step | Should -Be 3
        }
    }

    Context 'stopping' {
        It 'leaves the model at step 5 with Select-Object -First 5' {
            $null = $model | Start-GptTraining text.txt -Steps 1000000 | Select-Object -First 5
            $model.TrainingState.Step | Should -Be 5
        }

        It 'can be continued after it was stopped' {
            $null = $model | Start-GptTraining text.txt -Steps 100 | Select-Object -First 5
            ($model | Start-GptTraining text.txt -Steps 1).Step | Should -Be 6
        }

        It 'ends within a step when the pipeline is stopped, as Ctrl+C does' {
            $shell = [powershell]::Create()
            $script = 'param($module, $model, $path) Import-Module $module
                $model | Start-GptTraining $path -Steps 2000000000 -PassThru'
            $null = $shell.AddScript($script).
                AddArgument((Get-Module PsGpt).Path).AddArgument($model).AddArgument((Resolve-Path text.txt).Path)
            $null = $shell.BeginInvoke()
            while ($model.TrainingState.Step -lt 3 -and $shell.InvocationStateInfo.State -eq 'Running') { Start-Sleep -Milliseconds 1 }
            $shell.Stop()
            $stoppedAt = $model.TrainingState.Step
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
            $shell.Dispose()
            $stoppedAt | Should -BeLessThan 2000000000
            ($model | Start-GptTraining text.txt -Steps 1).Step | Should -Be ($stoppedAt + 1)
        }
    }

    Context 'progress' {
        It 'shows a bar that ends' {
            $shell = [powershell]::Create()
            $null = $shell.AddScript('param($module, $model, $path) Import-Module $module; $model | Start-GptTraining $path -Steps 20').
                AddArgument((Get-Module PsGpt).Path).AddArgument($model).AddArgument((Resolve-Path text.txt).Path).Invoke()
            $records = $shell.Streams.Progress.Where{ $_.Activity -eq 'Training' }
            $shell.Dispose()
            $records[0].StatusDescription | Should -Match '^1/20 loss \d\.\d{3} lr 3\.0e-4 [\d,.]+ tok/s$'
            $records[-1].RecordType | Should -Be 'Completed'
            ($records.ActivityId | Sort-Object -Unique) | Should -HaveCount 1
        }

        It 'takes the bar away when the pipeline has enough' {
            $shell = [powershell]::Create()
            $script = 'param($module, $model, $path) Import-Module $module
                $model | Start-GptTraining $path -Steps 20 | Select-Object -First 2'
            $null = $shell.AddScript($script).
                AddArgument((Get-Module PsGpt).Path).AddArgument($model).AddArgument((Resolve-Path text.txt).Path).Invoke()
            $shell.Streams.Progress[-1].RecordType | Should -Be 'Completed'
            $shell.Dispose()
        }
    }

    Context 'errors' {
        It 'says <Id> (<Category>)' -TestCases @(
            @{ Id = 'PathNotFound'; Category = 'ObjectNotFound'; Script = { $model | Start-GptTraining missing.txt } }
            @{
                Id = 'TooFewTokens'; Category = 'InvalidData'
                Script = { Set-Content short.txt 'the fox' -NoNewline; $model | Start-GptTraining short.txt }
            }
            @{
                Id = 'TooFewTokens'; Category = 'InvalidData'
                Script = { $null = New-Item empty.txt; $model | Start-GptTraining empty.txt }
            }
            @{
                Id = 'TextOutsideVocabulary'; Category = 'InvalidData'
                Script = { Set-Content other.txt 'Ñ'; $model | Start-GptTraining other.txt }
            }
            @{
                Id = 'TokenizerMismatch'; Category = 'InvalidArgument'
                Script = { $model | Start-GptTraining -Tokens (ConvertTo-GptTokens (New-TinyText)) }
            }
            @{ Id = 'SequenceTooLong'; Category = 'LimitsExceeded'; Script = { $model | Start-GptTraining text.txt -SequenceLength 33 } }
            @{
                Id = 'TrainerOptionsInvalid'; Category = 'InvalidArgument'
                Script = { $model | Start-GptTraining text.txt -LearningRate -1 }
            }
            @{
                Id = 'ValidationFractionInvalid'; Category = 'InvalidArgument'
                Script = { $model | Start-GptTraining text.txt -ValidationFraction 1 }
            }
            @{
                Id = 'ParameterArgumentTransformationError'; Category = 'InvalidData'
                Script = { $model | Start-GptTraining text.txt -Steps 0 }
            }
            @{ Id = 'InputAmbiguous'; Category = 'InvalidArgument'; Script = { 'no model' | Start-GptTraining text.txt } }
        ) {
            $records = @(Get-ErrorOf $Script)
            $records | Should -HaveCount 1
            $records[0].FullyQualifiedErrorId | Should -Be "$Id,$errorClass"
            $records[0].CategoryInfo.Category | Should -Be $Category
        }

        It 'serves the next model after one that cannot be trained' {
            $small = New-GptTokenizer abc -Kind Character | New-GptModel -ChannelCount 4 -HeadCount 1 -LayerCount 1
            $small, $model | Start-GptTraining text.txt -Steps 2 -ErrorAction Ignore | Should -HaveCount 2
        }

        It 'leaves the model as it was when a run cannot start' {
            $before = Get-WeightHash $model
            $model | Start-GptTraining text.txt -SequenceLength 33 -ErrorAction Ignore
            Get-WeightHash $model | Should -Be $before
        }
    }

    It 'is shown as a table of 80 columns' {
        $lines = $model | Start-GptTraining text.txt -Steps 2 | Get-Line
        $lines -match '^ +Step +Epoch +Loss +Val loss +Rate +Norm +Tokens/s +Peak +ms$' | Should -HaveCount 1
        $lines -match '^ +2 +0\.14 +\d\.\d{4} +\d\.\d{4} +3\.00e-4 +\d+\.\d{3} +[\d,]+ +\d+ % +\d+\.\d$' | Should -HaveCount 1
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
    }
}
