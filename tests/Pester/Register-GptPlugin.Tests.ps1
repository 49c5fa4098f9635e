BeforeAll {
    . $PSScriptRoot/common.ps1
    $model = New-TinyModel
    Set-Content TestDrive:/text.txt (New-TinyText) -NoNewline
    $text = (Resolve-Path TestDrive:/text.txt).ProviderPath

    function Start-Run {
        param([hashtable] $With = @{}, [int] $Steps = 3)
        $model | Start-GptTraining $text -Steps $Steps -BatchSize 2 -SequenceLength 16 -ValidationInterval 0 -ValidationFraction 0 @With
    }
}

AfterAll { Get-GptPlugin | Where-Object Source -EQ ScriptBlock | Unregister-GptPlugin }

Describe 'Register-GptPlugin with a script block' {
    AfterEach { Get-GptPlugin | Where-Object Source -EQ ScriptBlock | Unregister-GptPlugin }

    It 'takes the same registration again silently, and refuses another' {
        Register-GptPlugin -Kind Schedule -Name half -ScriptBlock { 0.5 }
        Register-GptPlugin -Kind Schedule -Name half -ScriptBlock { 0.5 }
        $problem = Get-ErrorOf { Register-GptPlugin -Kind Schedule -Name HALF -ScriptBlock { 0.6 } }
        $problem.FullyQualifiedErrorId | Should -BeLike 'PluginNameTaken,*'
        $problem.CategoryInfo.Category | Should -Be 'ResourceExists'
    }

    It 'does nothing with -WhatIf' {
        Register-GptPlugin -Kind Schedule -Name half -ScriptBlock { 0.5 } -WhatIf
        Get-GptPlugin hal* | Should -BeNullOrEmpty
    }

    It 'shows its own parameters' {
        $plugin =
            Register-GptPlugin -Kind Sampler -Name s -Description 'A test.' -PassThru -ScriptBlock { param($l, $t, [float] $Strength = 2) }
        $plugin.Parameters.Name | Should -Be 'Strength'
        $plugin.Parameters.Type | Should -Be ([float])
        $plugin.Source, $plugin.Description | Should -Be 'ScriptBlock', 'A test.'
    }

    It 'refuses an own parameter without a default' {
        (Get-ErrorOf { Register-GptPlugin -Kind Sampler -Name s -ScriptBlock { param($l, $t, $Strength) } }).FullyQualifiedErrorId |
            Should -BeLike 'PluginInvalid,*'
    }

    It 'refuses a kind that cannot be a block' {
        (Get-ErrorOf { Register-GptPlugin -Kind Optimizer -Name s -ScriptBlock { 1 } }).FullyQualifiedErrorId |
            Should -BeLike 'PluginKindNoBlock,*'
    }

    It 'refuses a parameter of a kind that has none' {
        $splitter = { param($text, $isEnd, [int] $Width = 2) $text.Length }
        $problem = Get-ErrorOf { Register-GptPlugin -Kind TextSplitter -Name s -ScriptBlock $splitter }
        $problem.FullyQualifiedErrorId | Should -BeLike 'PluginInvalid,*'
        "$problem" | Should -BeLike "*'s'*'Width'*"
        Get-GptPlugin s* -Kind TextSplitter | Should -BeNullOrEmpty
    }

    It 'makes a sampler that decides the token, by its parameter' {
        Register-GptPlugin -Kind Sampler -Name only -ScriptBlock {
            param($logits, $tokens, [int] $Id = 4)
            foreach ($i in 0..($logits.Count - 1)) { if ($i -ne $Id) { $logits[$i] = [float]::NegativeInfinity } }
        }
        (Invoke-GptCompletion the -Model $model -MaxTokens 3 -Sampler only).Tokens | Should -Be 4, 4, 4
        (Invoke-GptCompletion the -Model $model -MaxTokens 3 -Sampler only -PluginParameter @{ id = 5 }).Tokens | Should -Be 5, 5, 5
    }

    It 'makes a schedule' {
        Register-GptPlugin -Kind Schedule -Name half -ScriptBlock { param($progress, $fraction, [double] $Factor = 0.5) $Factor }
        (Start-Run @{ Schedule = 'half'; LearningRate = 0.01 }).LearningRate | Should -Be @(0.005, 0.005, 0.005).ForEach([float])
        (Start-Run @{ Schedule = 'half'; LearningRate = 0.01; PluginParameter = @{ Factor = 0.25 } }).LearningRate[0] |
            Should -Be ([float] 0.0025)
    }

    It 'makes an observer that sees each step and ends the run' {
        $global:seen = @()
        Register-GptPlugin -Kind StepObserver -Name stop -ScriptBlock {
            param($observation, [int] $After = 2)
            $global:seen += $observation.Step.Loss
            if ($global:seen.Count -eq $After) { $observation.Stop() }
        }
        $steps = Start-Run @{ StepObserver = 'stop' } -Steps 9
        $steps.Loss | Should -Be $global:seen
        $steps | Should -HaveCount 2
    }

    It 'makes a batch source' {
        Register-GptPlugin -Kind BatchSource -Name same -ScriptBlock { param($count, $rows, $length, $number) @(0) * $rows }
        $losses = (Start-Run @{ BatchSource = 'same'; LearningRate = 1e-30; WeightDecay = 0 }).Loss
        $losses | Select-Object -Unique | Should -HaveCount 1
    }

    It 'refuses a batch source beside an order, and lets an order replace that of a recipe' {
        Register-GptPlugin -Kind BatchSource -Name same -ScriptBlock { param($count, $rows, $length, $number) @(0) * $rows }
        (Get-ErrorOf { Start-Run @{ BatchSource = 'same'; Order = 'Random' } }).FullyQualifiedErrorId |
            Should -BeLike 'BatchSourceAmbiguous,*'
        Set-Content TestDrive:/same.psd1 "@{ Parameters = @{ BatchSource = 'same' } }"
        $recipe = (Resolve-Path TestDrive:/same.psd1).ProviderPath
        $still = @{ LearningRate = 1e-30; WeightDecay = 0 }
        (Start-Run (@{ Recipe = $recipe } + $still)).Loss | Select-Object -Unique | Should -HaveCount 1
        (Start-Run (@{ Recipe = $recipe; Order = 'Sequential' } + $still)).Loss |
            Should -Be (Start-Run (@{ Order = 'Sequential' } + $still)).Loss
    }

    It 'makes a text splitter' {
        Register-GptPlugin -Kind TextSplitter -Name whole -ScriptBlock { param($text, $isEnd) $isEnd ? $text.Length : 0 }
        Get-Completion 'Import-GptTokenizer x -PreTokenizer who' | ForEach-Object ListItemText | Should -Be 'whole'
    }

    It 'completes the name of a registered <Kind>' -ForEach @(
        @{
            Kind = 'Sampler'; Line = 'Invoke-GptCompletion a -Sampler zz'
        }, @{ Kind = 'Schedule'; Line = 'Start-GptTraining a -Schedule zz' }
        @{ Kind = 'StepObserver'; Line = 'Start-GptTraining a -StepObserver zz' }
        @{ Kind = 'BatchSource'; Line = 'Start-GptTraining a -BatchSource zz' }
    ) {
        Register-GptPlugin -Kind $Kind -Name zz-mine -ScriptBlock { 1 }
        (Get-Completion $Line).ListItemText | Should -Be 'zz-mine'
    }

    It 'checks the names and types of parameters' {
        Register-GptPlugin -Kind Schedule -Name half -ScriptBlock { param($progress, $fraction, [double] $Factor = 0.5) $Factor }
        (Get-ErrorOf { Start-Run @{ Schedule = 'half'; PluginParameter = @{ Faktor = 1 } } }).FullyQualifiedErrorId |
            Should -BeLike 'PluginParameterUnknown,*'
        (Get-ErrorOf { Start-Run @{ Schedule = 'half'; PluginParameter = @{ Factor = 'much' } } }).FullyQualifiedErrorId |
            Should -BeLike 'PluginParameterInvalid,*'
    }
}

Describe 'A registered sampler' {
    AfterEach { Get-GptPlugin | Where-Object Source -EQ ScriptBlock | Unregister-GptPlugin }

    It 'comes after penalties and bans and before what shapes the draw, in the order of -Sampler' {
        $global:seen = @{}
        $look = { param($logits, $tokens) $global:seen['NAME'] = [float[]] $logits.Clone(); $logits[0] += 1 }
        foreach ($name in 'first', 'second') {
            Register-GptPlugin -Kind Sampler -Name $name -ScriptBlock ([scriptblock]::Create("$look".Replace('NAME', $name)))
        }

        $block = [scriptblock]::Create("$look".Replace('NAME', 'block'))
        $null = Invoke-GptCompletion the -Model $model -MaxTokens 1 -Sampler first, $block, second -Ban f -Temperature 0.5 -TopK 2 -Seed 1
        $id = (ConvertTo-GptTokens f -Model $model).Ids[0]
        $seen['first'][$id] | Should -Be ([float]::NegativeInfinity)
        @($seen['first'] -eq [float]::NegativeInfinity) | Should -HaveCount 1
        [Math]::Abs($seen['block'][0] - $seen['first'][0] - 1) | Should -BeLessThan 1e-5
        [Math]::Abs($seen['second'][0] - $seen['first'][0] - 2) | Should -BeLessThan 1e-5
    }
}

Describe 'A plug-in that is wrong' {
    AfterEach { Get-GptPlugin | Where-Object Source -EQ ScriptBlock | Unregister-GptPlugin }

    It 'is named, and the model is unharmed: a <Kind> that <What>' -ForEach @(
        @{ Kind = 'StepObserver'; What = 'throws'; Block = { throw 'bang' }; With = @{ StepObserver = 'wrong' }; Trains = $true }
        @{ Kind = 'StepObserver'; What = 'gives something'; Block = { 1 }; With = @{ StepObserver = 'wrong' }; Trains = $true }
        @{ Kind = 'Schedule'; What = 'throws'; Block = { throw 'bang' }; With = @{ Schedule = 'wrong' } }
        @{ Kind = 'Schedule'; What = 'gives NaN'; Block = { [double]::NaN }; With = @{ Schedule = 'wrong' } }
        @{ Kind = 'Schedule'; What = 'gives text'; Block = { 'much' }; With = @{ Schedule = 'wrong' } }
        @{ Kind = 'BatchSource'; What = 'throws'; Block = { throw 'bang' }; With = @{ BatchSource = 'wrong' } }
        @{ Kind = 'BatchSource'; What = 'gives too few starts'; Block = { 1 }; With = @{ BatchSource = 'wrong' } }
        @{ Kind = 'BatchSource'; What = 'gives a start outside the text'; Block = { 0, 1000000 }; With = @{ BatchSource = 'wrong' } }
    ) {
        Register-GptPlugin -Kind $Kind -Name wrong -ScriptBlock $Block
        $before = Get-WeightHash $model
        $problem = Get-ErrorOf { Start-Run $With }
        $problem.FullyQualifiedErrorId | Should -BeLike 'PluginFailed,*'
        "$problem" | Should -BeLike "*'wrong'*"
        if (-not $Trains) { Get-WeightHash $model | Should -Be $before }
        Start-Run -Steps 1 | Should -HaveCount 1
    }

    It 'is named where a sampler <What>' -ForEach @(
        @{ What = 'throws'; Block = { throw 'bang' } }, @{ What = 'gives NaN'; Block = { param($l) @([float]::NaN) * $l.Count } }
        @{ What = 'gives too few'; Block = { 1 } }, @{ What = 'gives text'; Block = { param($l) @('x') * $l.Count } }
        @{ What = 'writes to the console'; Block = { [Console]::WriteLine('x') } }
    ) {
        Register-GptPlugin -Kind Sampler -Name wrong -ScriptBlock $Block
        $problem = Get-ErrorOf { Invoke-GptCompletion the -Model $model -MaxTokens 2 -Sampler wrong }
        $problem.FullyQualifiedErrorId | Should -BeLike 'PluginFailed,*'
        "$problem" | Should -BeLike "*sampler 'wrong'*"
    }

    It 'ends with Ctrl+C though it does not return: a <Kind>' -ForEach @(
        @{ Kind = 'Sampler'; Use = { Invoke-GptCompletion the -Model $model -MaxTokens 2 -Sampler slow } }
        @{ Kind = 'Schedule'; Use = { $model | Start-GptTraining $text -Steps 2 -Schedule slow } }
        @{ Kind = 'BatchSource'; Use = { $model | Start-GptTraining $text -Steps 2 -BatchSource slow } }
        @{
            Kind = 'StepObserver'; Use = { $model | Start-GptTraining $text -Steps 2 -StepObserver slow -LearningRate 1e-30 -WeightDecay 0 }
        }
    ) {
        $before = Get-WeightHash $model
        $entered = [Threading.ManualResetEventSlim]::new()
        $shell = [powershell]::Create().AddScript("param(`$module, `$kind, `$model, `$text, `$entered) Import-Module `$module
            Register-GptPlugin -Kind `$kind -Name slow -ScriptBlock { `$entered.Set(); while (`$true) { } }`n$Use")
        (Get-Module PsGpt).Path, $Kind, $model, $text, $entered | ForEach-Object { $null = $shell.AddArgument($_) }
        $null = $shell.BeginInvoke()
        $entered.Wait(60000) | Should -BeTrue -Because "$($shell.Streams.Error.ReadAll())"
        $shell.Stop()
        $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        Get-WeightHash $model | Should -Be $before
    }

    It 'is a block that another session uses' {
        Register-GptPlugin -Kind Sampler -Name here -ScriptBlock { param($l, $t) }
        $root = (Get-Module PsGpt).Path
        $message = Start-ThreadJob {
            Import-Module $using:root
            try { Invoke-GptCompletion Once -MaxTokens 1 -Sampler here -ErrorAction Stop } catch { "$_" }
        } | Receive-Job -Wait -AutoRemoveJob
        $message | Should -BeLike "*sampler 'here'*session that registered it*"
    }

    It 'is an assembly that is none' {
        (Get-ErrorOf { Register-GptPlugin $text }).FullyQualifiedErrorId | Should -BeLike 'PluginAssemblyInvalid,*'
        (Get-ErrorOf { Register-GptPlugin TestDrive:/none.dll }) | Should -Not -BeNullOrEmpty
    }
}
