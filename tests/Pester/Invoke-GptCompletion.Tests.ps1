BeforeAll {
    . $PSScriptRoot/common.ps1
    $errorClass = 'PsGpt.Commands.InvokeGptCompletionCommand'
}

Describe 'Invoke-GptCompletion' {
    BeforeAll {
        $model = New-TinyModel
    }

    Context 'prompts and models' {
        It 'uses the built-in model where none is given' {
            (Invoke-GptCompletion -Prompt 'Once upon a time' -MaxTokens 5).Tokens | Should -HaveCount 5
        }

        It 'does not let the user train the model that it keeps' {
            $before = "$(Invoke-GptCompletion 'Once' -MaxTokens 8 -Temperature 0)"
            $null = Import-GptModel | Start-GptTraining -Steps 3 -LearningRate 1e-2
            "$(Invoke-GptCompletion 'Once' -MaxTokens 8 -Temperature 0)" | Should -Be $before
        }

        It 'takes the model from the pipeline' {
            ($model | Invoke-GptCompletion -Prompt 'the' -MaxTokens 3).Prompt | Should -Be 'the'
        }

        It 'takes prompts from the pipeline' {
            ('a', 'b' | Invoke-GptCompletion -Model $model -MaxTokens 3).Prompt | Should -Be 'a', 'b'
        }

        It 'takes prompts from the pipeline for the built-in model' {
            ('a', 'b' | Invoke-GptCompletion -MaxTokens 3).Prompt | Should -Be 'a', 'b'
        }

        It 'takes lines of Get-Content as prompts' {
            Set-Content $TestDrive/prompts.txt 'fox', 'dog'
            (Get-Content $TestDrive/prompts.txt | Invoke-GptCompletion -Model $model -MaxTokens 3).Prompt | Should -Be 'fox', 'dog'
        }

        It 'takes several models from the pipeline' {
            $other = New-TinyModel | ForEach-Object Tokenizer | New-GptModel -Seed 9
            $texts = $model, $other | Invoke-GptCompletion 'the' -Temperature 0 -MaxTokens 20
            $texts.Text | Should -Be "$(Invoke-GptCompletion 'the' -Model $model -Temperature 0 -MaxTokens 20)", "$(Invoke-GptCompletion 'the' -Model $other -Temperature 0 -MaxTokens 20)"
        }

        It 'completes what a training run has made' {
            $text = $model | Start-GptTraining -Tokens (New-TinyText 2000 | ConvertTo-GptTokens -Model $model) -Steps 150 -LearningRate 1e-2 -PassThru |
                Invoke-GptCompletion -Prompt 'the quick brown ' -Temperature 0 -MaxTokens 9
            "$text" | Should -Be 'fox jumps'
        }
    }

    Context 'sampling' {
        It 'makes the same text of the same seed' {
            "$(Invoke-GptCompletion a -Model $model -Seed 4 -MaxTokens 20)" | Should -Be "$(Invoke-GptCompletion a -Model $model -Seed 4 -MaxTokens 20)"
        }

        It 'makes another text each time without a seed' {
            $fresh = New-TinyModel
            "$(Invoke-GptCompletion a -Model $fresh -MaxTokens 30)" | Should -Not -Be "$(Invoke-GptCompletion a -Model $fresh -MaxTokens 30)"
        }

        It 'tells the seed that makes the text again' {
            $fresh = New-TinyModel
            $completion = Invoke-GptCompletion a -Model $fresh -MaxTokens 30 -Count 2 | Select-Object -Last 1
            "$(Invoke-GptCompletion a -Model $fresh -MaxTokens 30 -Seed $completion.Seed)" | Should -Be "$completion"
        }

        It 'takes the likeliest token at temperature 0' {
            $texts = 1..3 | ForEach-Object { "$(Invoke-GptCompletion a -Model $model -Temperature 0 -MaxTokens 10)" }
            $texts | Sort-Object -Unique | Should -HaveCount 1
        }

        It 'takes the likeliest token with -TopK 1' {
            "$(Invoke-GptCompletion a -Model $model -Temperature 9 -TopK 1 -MaxTokens 10)" | Should -Be "$(Invoke-GptCompletion a -Model $model -Temperature 0 -MaxTokens 10)"
        }

        It 'takes the likeliest token with a tiny -TopP' {
            "$(Invoke-GptCompletion a -Model $model -Temperature 9 -TopP 1e-6 -MaxTokens 10)" | Should -Be "$(Invoke-GptCompletion a -Model $model -Temperature 0 -MaxTokens 10)"
        }

        It 'makes several completions with -Count' {
            (Invoke-GptCompletion a -Model $model -Count 3 -Seed 8 -MaxTokens 3).Seed | Should -Be 8, 9, 10
        }

        It 'goes on past the end of the context' {
            (Invoke-GptCompletion a -Model $model -MaxTokens 100).Tokens | Should -HaveCount 100
        }
    }

    Context 'output' {
        It 'is the text as a string' {
            $completion = Invoke-GptCompletion a -Model $model -MaxTokens 5
            "$completion" | Should -Be $completion.Text
        }

        It 'says why it ended' {
            (Invoke-GptCompletion a -Model $model -MaxTokens 5).FinishReason | Should -Be 'MaxTokens'
        }

        It 'writes pieces with -Stream that are the text' {
            $pieces = Invoke-GptCompletion a -Model $model -Seed 4 -MaxTokens 20 -Stream
            $pieces | Should -HaveCount 20
            -join $pieces | Should -BeExactly "$(Invoke-GptCompletion a -Model $model -Seed 4 -MaxTokens 20)"
        }

        It 'writes pieces while they are made' {
            Invoke-GptCompletion a -Model $model -MaxTokens 2000000000 -Stream | Select-Object -First 3 | Should -HaveCount 3
        }

        It 'shows a long text in 80 columns, words whole' {
            $lines = Invoke-GptCompletion 'Once upon a time' -Seed 1 -Temperature 0.3 -MaxTokens 100 | Get-Line
            ($lines | Measure-Object Length -Maximum).Maximum | Should -BeIn (60..80)
        }

        It 'shows how far it is where it takes longer' {
            $shell = [powershell]::Create()
            $null = $shell.AddScript('param($module, $model) Import-Module $module; Invoke-GptCompletion a -Model $model -MaxTokens 2000000000').
                AddArgument((Get-Module PsGpt).Path).AddArgument($model)
            $null = $shell.BeginInvoke()
            while ($shell.Streams.Progress.Count -eq 0 -and $shell.InvocationStateInfo.State -eq 'Running') { Start-Sleep -Milliseconds 1 }
            $shell.Stop()
            $shell.Streams.Progress[0].StatusDescription | Should -Match '^\d+ of at most 2000000000 tokens$'
            $shell.Dispose()
        }

        It 'shows prompt, text and how it was made' {
            $lines = Invoke-GptCompletion 'the ' -Model $model -Temperature 0 -MaxTokens 5 -Seed 1 | Get-Line
            $lines -match '^the \S' | Should -HaveCount 1
            $lines -match '^\[5 tokens, MaxTokens, [\d,]+ tokens/s, seed 1\]$' | Should -HaveCount 1
        }
    }

    It 'ends within a token when the pipeline is stopped, as Ctrl+C does' {
        $shell = [powershell]::Create()
        $null = $shell.AddScript('param($module) Import-Module $module; 1; Invoke-GptCompletion Once -MaxTokens 2000000000 -Stream').
            AddArgument((Get-Module PsGpt).Path)
        $pieces = [System.Management.Automation.PSDataCollection[psobject]]::new()
        $null = $shell.BeginInvoke([System.Management.Automation.PSDataCollection[psobject]] $null, $pieces)
        while ($pieces.Count -lt 3 -and $shell.InvocationStateInfo.State -eq 'Running') { Start-Sleep -Milliseconds 1 }
        $shell.Stop()
        $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        $shell.Dispose()
    }

    Context 'errors' {
        It 'says <Id> (<Category>)' -TestCases @(
            @{ Id = 'PromptEmpty'; Category = 'InvalidArgument'; Script = { Invoke-GptCompletion '' -Model $model } }
            @{ Id = 'PromptTooLong'; Category = 'LimitsExceeded'; Script = { Invoke-GptCompletion ('a' * 33) -Model $model } }
            @{ Id = 'ParameterArgumentTransformationError'; Category = 'InvalidData'; Script = { $model | Invoke-GptCompletion } }
            @{ Id = 'TextOutsideVocabulary'; Category = 'InvalidData'; Script = { Invoke-GptCompletion 'Ñ' -Model $model } }
            @{ Id = 'SamplingInvalid'; Category = 'InvalidArgument'; Script = { Invoke-GptCompletion a -Model $model -Temperature -1 } }
            @{ Id = 'SamplingInvalid'; Category = 'InvalidArgument'; Script = { Invoke-GptCompletion a -Model $model -TopP 2 } }
            @{ Id = 'ParameterArgumentValidationError'; Category = 'InvalidData'; Script = { Invoke-GptCompletion a -Model $model -MaxTokens 0 } }
            @{ Id = 'ParameterArgumentValidationError'; Category = 'InvalidData'; Script = { Invoke-GptCompletion a -Model $null } }
        ) {
            $records = @(Get-ErrorOf $Script)
            $records | Should -HaveCount 1
            $records[0].FullyQualifiedErrorId | Should -Be "$Id,$errorClass"
            $records[0].CategoryInfo.Category | Should -Be $Category
        }

        It 'says that a model is gone' {
            $gone = New-TinyModel
            $gone.Dispose()
            $record = Get-ErrorOf { Invoke-GptCompletion a -Model $gone }
            $record.FullyQualifiedErrorId | Should -Be "ObjectDisposed,$errorClass"
            "$record" | Should -Match 'Load or make it again'
        }

        It 'serves the next prompt after a bad one' {
            ('a', '', 'b' | Invoke-GptCompletion -Model $model -MaxTokens 3 -ErrorAction Ignore).Prompt | Should -Be 'a', 'b'
        }

        It 'names the prompt that is at fault' {
            (Get-ErrorOf { 'a', 'Ñ' | Invoke-GptCompletion -Model $model -MaxTokens 3 }).TargetObject | Should -Be 'Ñ'
        }
    }
}
