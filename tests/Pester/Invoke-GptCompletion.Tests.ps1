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

        It 'loads the model of a path once, until its files change' {
            Push-Location $TestDrive
            try {
                $model | Export-GptModel kept
                $call = { Invoke-GptCompletion the -Model kept -MaxTokens 4 -Temperature 0 }
                $first = "$(& $call)"
                $cache = [PsGpt.Commands.ModelTransformationAttribute].Assembly.GetType('PsGpt.Commands.ModelPathCache')
                $entries = $cache.GetField('Entries', 'Static, NonPublic').GetValue($null)
                $kept = @($entries)[0].Value.Model
                "$(& $call)" | Should -Be $first
                @($entries)[0].Value.Model | Should -Be $kept
                New-TinyModel -ContextLength 16 | Export-GptModel kept -Force
                $null = & $call
                @($entries)[0].Value.Model.Context | Should -Be 16
            }
            finally { Pop-Location }
        }

        It 'keeps keys and values in fewer bits with -CacheDataType' {
            foreach ($type in 'BF16', 'Q8_0') {
                (Invoke-GptCompletion 'Once upon a time' -MaxTokens 8 -Seed 1 -CacheDataType $type).Tokens | Should -HaveCount 8
            }

            { Invoke-GptCompletion the -CacheDataType F16 } | Should -Throw -ErrorId "ParameterArgumentTransformationError,$errorClass"
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

        It 'takes several prompts' {
            (Invoke-GptCompletion 'a', 'b' -Model $model -MaxTokens 3).Prompt | Should -Be 'a', 'b'
        }

        It 'keeps the order of more prompts than are completed at the same time' {
            $prompts = [string[]][char[]]'thequickbrownfoxjumps'
            $completions = $prompts | Invoke-GptCompletion -Model $model -MaxTokens 12 -Seed 3
            $completions.Prompt | Should -Be $prompts
            $completions.Text | Should -Be ($prompts | ForEach-Object { "$(Invoke-GptCompletion $_ -Model $model -MaxTokens 12 -Seed 3)" })
        }

        It 'continues tokens' {
            $completion = 'the ' | ConvertTo-GptTokens -Model $model | Invoke-GptCompletion -Model $model -Temperature 0 -MaxTokens 5
            $completion.Prompt | Should -Be 'the '
            "$completion" | Should -Be "$(Invoke-GptCompletion 'the ' -Model $model -Temperature 0 -MaxTokens 5)"
        }

        It 'refuses tokens of another tokenizer' {
            (Get-ErrorOf { 'the' | ConvertTo-GptTokens | Invoke-GptCompletion -Model $model }).FullyQualifiedErrorId |
                Should -Be "TokenizerMismatch,$errorClass"
        }

        It 'continues a completion, echoed or not, with a seed of its own' {
            $first = Invoke-GptCompletion the -Model $model -MaxTokens 3 -Seed 1
            $second = $first | Invoke-GptCompletion -Model $model -MaxTokens 3
            $second.Prompt | Should -Be "the$first"
            $second.Seed | Should -Not -Be 1
            (Invoke-GptCompletion the -Model $model -MaxTokens 3 -Seed 1 -Echo | Invoke-GptCompletion -Model $model -MaxTokens 3).Prompt |
                Should -Be "the$first"
        }

        It 'continues what came back from another process' {
            $xml = [System.Management.Automation.PSSerializer]::Serialize((Invoke-GptCompletion the -Model $model -MaxTokens 3))
            $stored = [System.Management.Automation.PSSerializer]::Deserialize($xml)
            ($stored | Invoke-GptCompletion -Model $model -MaxTokens 3).Prompt | Should -Be "the$($stored.Text)"
            ($stored | Get-Line).TrimEnd() | Should -Contain "the$($stored.Text)".TrimEnd()
        }

        It 'takes rows of a CSV file by their names, empty cells being left out' {
            $completions = "Prompt,MaxTokens,Temperature,TopK,TopP,Seed`nthe,4,0.5,3,0.9,7`nfox,2,,,,9" | ConvertFrom-Csv |
                Invoke-GptCompletion -Model $model
            $completions.Prompt | Should -Be 'the', 'fox'
            $completions.Seed | Should -Be 7, 9
            $completions.ForEach({ $_.Tokens.Count }) | Should -Be 4, 2
            "$($completions[0])" |
                Should -Be "$(Invoke-GptCompletion the -Model $model -MaxTokens 4 -Temperature 0.5 -TopK 3 -TopP 0.9 -Seed 7)"
        }

        It 'reads files' {
            Set-Content $TestDrive/prompt.txt 'the quick ' -NoNewline
            (Get-Item $TestDrive/prompt.txt | Invoke-GptCompletion -Model $model -MaxTokens 3).Prompt | Should -Be 'the quick '
        }

        It 'takes a model by its path' {
            $model | Export-GptModel -Path $TestDrive/model
            "$(Invoke-GptCompletion the -Model $TestDrive/model -Temperature 0 -MaxTokens 9)" |
                Should -Be "$(Invoke-GptCompletion the -Model $model -Temperature 0 -MaxTokens 9)"
        }

        It 'starts a new text with an empty prompt where the vocabulary has a token for that' {
            $completion = Invoke-GptCompletion '' -MaxTokens 5 -Temperature 0
            $completion.Prompt | Should -BeExactly ''
            $completion.Tokens.Count | Should -Be 5
        }

        It 'keeps the end of a prompt that is too long with -TruncatePrompt' {
            $prompt = 'q' * 20 + 'the quick brown fox jumps over the'
            "$(Invoke-GptCompletion $prompt -Model $model -TruncatePrompt -Temperature 0 -MaxTokens 5)" |
                Should -Be "$(Invoke-GptCompletion 'e quick brown fox jumps over the' -Model $model -Temperature 0 -MaxTokens 5)"
        }

        It 'takes several models from the pipeline' {
            $other = New-TinyModel | ForEach-Object Tokenizer | New-GptModel -Seed 9
            $texts = $model, $other | Invoke-GptCompletion 'the' -Temperature 0 -MaxTokens 20
            $texts.Text |
                Should -Be "$(Invoke-GptCompletion 'the' -Model $model -Temperature 0 -MaxTokens 20)",
                    "$(Invoke-GptCompletion 'the' -Model $other -Temperature 0 -MaxTokens 20)"
        }

        It 'completes what a training run has made' {
            $text = $model |
                Start-GptTraining -Tokens (New-TinyText 2000 | ConvertTo-GptTokens -Model $model) -Steps 150 -LearningRate 1e-2 -PassThru |
                Invoke-GptCompletion -Prompt 'the quick brown ' -Temperature 0 -MaxTokens 9
            "$text" | Should -Be 'fox jumps'
        }
    }

    Context 'sampling' {
        It 'makes the same text of the same seed' {
            "$(Invoke-GptCompletion a -Model $model -Seed 4 -MaxTokens 20)" |
                Should -Be "$(Invoke-GptCompletion a -Model $model -Seed 4 -MaxTokens 20)"
        }

        It 'makes another text each time without a seed' {
            $fresh = New-TinyModel
            "$(Invoke-GptCompletion a -Model $fresh -MaxTokens 30)" |
                Should -Not -Be "$(Invoke-GptCompletion a -Model $fresh -MaxTokens 30)"
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
            "$(Invoke-GptCompletion a -Model $model -Temperature 9 -TopK 1 -MaxTokens 10)" |
                Should -Be "$(Invoke-GptCompletion a -Model $model -Temperature 0 -MaxTokens 10)"
        }

        It 'takes the likeliest token with a tiny -TopP' {
            "$(Invoke-GptCompletion a -Model $model -Temperature 9 -TopP 1e-6 -MaxTokens 10)" |
                Should -Be "$(Invoke-GptCompletion a -Model $model -Temperature 0 -MaxTokens 10)"
        }

        It 'makes several completions with -Count' {
            (Invoke-GptCompletion a -Model $model -Count 3 -Seed 8 -MaxTokens 3).Seed | Should -Be 8, 9, 10
        }

        It 'goes on past the end of the context' {
            (Invoke-GptCompletion a -Model $model -MaxTokens 100).Tokens | Should -HaveCount 100
        }
    }

    Context 'special tokens' {
        It 'are text in a prompt, which is told once, unless they are allowed' {
            $options = @{ MaxTokens = 1; Seed = 1; WarningVariable = 'warned'; WarningAction = 'SilentlyContinue' }
            'a<|endoftext|>b', 'c<|endoftext|>', 'd' | Invoke-GptCompletion @options | Should -HaveCount 3
            "$warned" | Should -BeLike '<|endoftext|> in the text was encoded as plain text.*-AllowSpecial*'
            @($warned).Count | Should -Be 1
            Invoke-GptCompletion 'a<|endoftext|>b' -AllowSpecial @options | Should -HaveCount 1
            Invoke-GptCompletion 'plain' @options | Should -HaveCount 1
            $warned | Should -BeNullOrEmpty
        }
    }

    Context 'rules' {
        It 'changes logits by text and by token id' {
            "$(Invoke-GptCompletion a -Model $model -MaxTokens 4 -LogitBias @{ q = 100 })" | Should -Be 'qqqq'
            (Invoke-GptCompletion a -Model $model -MaxTokens 3 -LogitBias @{ 3 = 100 }).Tokens | Should -Be 3, 3, 3
        }

        It 'bans texts' {
            "$(Invoke-GptCompletion a -Model $model -MaxTokens 40 -Temperature 5 -Seed 1)" | Should -Match 'q'
            "$(Invoke-GptCompletion a -Model $model -MaxTokens 40 -Temperature 5 -Seed 1 -Ban q)" | Should -Not -Match 'q'
        }

        It 'ends at a stop string and says which' {
            $completion = Invoke-GptCompletion 'Once upon a time' -Seed 1 -StopString 'nowhere', '.'
            $completion.Text | Should -Not -Match '\.'
            $completion.FinishReason, $completion.StopString | Should -Be 'StopString', '.'
            -join (Invoke-GptCompletion 'Once upon a time' -Seed 1 -StopString 'nowhere', '.' -Stream) | Should -BeExactly $completion.Text
        }

        It 'asks a script block, which changes the logits in place or gives others' {
            (Invoke-GptCompletion a -Model $model -MaxTokens 3 -Sampler { param($logits, $tokens) $logits[0] = 1000 }).Tokens |
                Should -Be 0, 0, 0
            $counting = {
                param($logits, $tokens)
                foreach ($i in 1..$logits.Count) { if ($i -eq 1 + $tokens.Count) { 99 } else { 0 } }
            }
            (Invoke-GptCompletion a -Model $model -MaxTokens 3 -Sampler $counting).Tokens |
                Should -Be 1, 2, 3
        }

        It 'ends when the time is up' {
            (Invoke-GptCompletion Once -MaxTokens 2000000000 -IgnoreEndOfText -TimeoutSeconds 0.01).FinishReason | Should -Be 'Timeout'
        }

        It 'searches with beams' {
            $completions = Invoke-GptCompletion 'Once upon a time' -BeamCount 3 -Count 2 -MaxTokens 8
            $completions | Should -HaveCount 2
            $completions[0].Text | Should -Not -Be $completions[1].Text
            "$(Invoke-GptCompletion 'Once upon a time' -BeamCount 1 -MaxTokens 8)" |
                Should -Be "$(Invoke-GptCompletion 'Once upon a time' -Temperature 0 -MaxTokens 8)"
        }

        It 'gives log probabilities, with -Echo also of the prompt' {
            $values = (Invoke-GptCompletion 'Once upon' -MaxTokens 2 -Temperature 0 -LogProbability -Echo).LogProbabilities
            -join $values.Text | Should -Match '^Once upon'
            $values[0].LogProbability | Should -BeNullOrEmpty
            $values[-1].GetTop() | Should -HaveCount 5
            $values[-1].GetTop()[0].Id | Should -Be $values[-1].Id
            $values[-1].GetTop()[0].LogProbability | Should -Be $values[-1].LogProbability
        }
    }

    Context 'output' {
        It 'cannot be overwritten, and is small and flat as JSON' {
            $completion = Invoke-GptCompletion a -Model $model -MaxTokens 5
            { $completion.Text = 'b' } | Should -Throw
            { $completion.Tokens[0] = 1 } | Should -Throw
            $json = $completion | ConvertTo-Json -Compress
            $json.Length | Should -BeLessThan 400
            ($json | ConvertFrom-Json).Tokens | Should -Be $completion.Tokens
        }

        It 'begins with the prompt with -Echo' {
            "$(Invoke-GptCompletion the -Model $model -Seed 1 -MaxTokens 5 -Echo)" |
                Should -Be "the$(Invoke-GptCompletion the -Model $model -Seed 1 -MaxTokens 5)"
            -join (Invoke-GptCompletion the -Model $model -Seed 1 -MaxTokens 5 -Echo -Stream) |
                Should -Be "the$(Invoke-GptCompletion the -Model $model -Seed 1 -MaxTokens 5)"
        }

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
            $script = 'param($module, $model) Import-Module $module; Invoke-GptCompletion a -Model $model -MaxTokens 2000000000'
        $null = $shell.AddScript($script).
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
            @{ Id = 'SamplingInvalid'; Category = 'InvalidArgument'; Script = { Invoke-GptCompletion a -Model $model -MaxTokens 0 } }
            @{ Id = 'SamplingInvalid'; Category = 'InvalidArgument'; Script = { Invoke-GptCompletion a -Model $model -TopK 0 } }
            @{ Id = 'SamplingInvalid'; Category = 'InvalidArgument'; Script = { Invoke-GptCompletion a -Model $model -Count 0 } }
            @{
                Id = 'SamplingInvalid'; Category = 'InvalidArgument'
                Script = { Invoke-GptCompletion a -Model $model -Stream -LogProbability }
            }
            @{
                Id = 'SamplingInvalid'; Category = 'InvalidArgument'
                Script = { Invoke-GptCompletion a -Model $model -BeamCount 2 -Temperature 1 }
            }
            @{
                Id = 'SamplingInvalid'; Category = 'InvalidArgument'
                Script = { Invoke-GptCompletion a -Model $model -LogitBias @{ 99 = 1 } }
            }
            @{ Id = 'NoTokenLeft'; Category = 'InvalidArgument'; Script = { Invoke-GptCompletion a -Model $model -NoRepeatNgramSize 1 } }
            @{
                Id = 'SamplerFailed'; Category = 'InvalidArgument'
                Script = { Invoke-GptCompletion a -Model $model -Sampler { throw 'no' } }
            }
            @{ Id = 'SamplerFailed'; Category = 'InvalidArgument'; Script = { Invoke-GptCompletion a -Model $model -Sampler { 1, 2 } } }
            @{ Id = 'PluginNotFound'; Category = 'ObjectNotFound'; Script = { Invoke-GptCompletion a -Model $model -Sampler nowhere } }
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

        It 'names the type of what is no prompt: <Name>' -TestCases @(
            @{ Name = 'Hashtable'; Value = @{ Prompt = 'a' } }
            @{ Name = 'DateTime'; Value = [datetime]::Now }
            @{ Name = 'PSCustomObject'; Value = [pscustomobject]@{ Other = 1 } }
        ) {
            "$(Get-ErrorOf { $Value | Invoke-GptCompletion -Model $model })" | Should -Match "A $Name is no prompt"
        }

        It 'says in our words which seeds there are' {
            "$(Get-ErrorOf { Invoke-GptCompletion a -Model $model -Seed -1 })" | Should -Match "'-1' is no seed"
        }

        It 'names the prompt that is at fault' {
            (Get-ErrorOf { 'a', 'Ñ' | Invoke-GptCompletion -Model $model -MaxTokens 3 }).TargetObject | Should -Be 'Ñ'
        }
    }
}
