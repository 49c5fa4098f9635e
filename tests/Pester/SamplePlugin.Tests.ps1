# The sample of a plug-in module: built against the package of the engine, packed, and used with the packed module in a new process.
BeforeAll {
    . $PSScriptRoot/common.ps1
    # A build process that stays for the next build would keep the pipe open.
    $env:MSBUILDDISABLENODEREUSE = '1'
    $packages = Join-Path $TestDrive 'packages'
    & $PSScriptRoot/../../build.ps1 -Task Package -NoBuild -PackageFolder $packages 6>$null | Out-Null
    $modules = New-Item -ItemType Directory (Join-Path $TestDrive 'modules')
    Expand-Archive (Get-ChildItem "$packages/PsGpt.[0-9]*.nupkg") (Join-Path $modules 'PsGpt')

    # As the README says: the folder is copied. The packages have a folder of their own, since the version is always the same.
    $sample = Join-Path $TestDrive 'sample'
    Copy-Item $PSScriptRoot/../../samples/PsGpt.Sample.Plugin $sample -Recurse -Exclude bin, obj, output
    $saved = $env:NUGET_PACKAGES
    try {
        $env:NUGET_PACKAGES = Join-Path $TestDrive 'cache'
        $build = dotnet build $sample -c Release -v quiet -nologo -p:UseSharedCompilation=false "-p:RestoreSources=$packages" 2>&1
    }
    finally { $env:NUGET_PACKAGES = $saved }
    $LASTEXITCODE | Should -Be 0 -Because ($build -join "`n")
    Compress-PSResource -Path (Join-Path $sample 'output/PsGpt.Sample.Plugin') -DestinationPath $packages -SkipModuleManifestValidate
    Expand-Archive "$packages/PsGpt.Sample.Plugin.0.1.0.nupkg" (Join-Path $modules 'PsGpt.Sample.Plugin')

    function Invoke-WithSample {
        param([string] $Command)
        $path = $modules.FullName + [IO.Path]::PathSeparator
        Invoke-PowerShell "`$ErrorActionPreference = 'Stop'; `$env:PSModulePath = '$path' + `$env:PSModulePath
            Set-Location '$TestDrive'; Import-Module PsGpt.Sample.Plugin; $Command" 2>&1 | ForEach-Object { "$_" }
    }
}

AfterAll { $env:MSBUILDDISABLENODEREUSE = $null }

Describe 'The sample of a plug-in module' {
    It 'holds no engine of its own' {
        Join-Path $modules 'PsGpt.Sample.Plugin/PsGpt.Engine.dll' | Should -Not -Exist
        Join-Path $modules 'PsGpt.Sample.Plugin/PsGpt.Sample.Plugin.dll' | Should -Exist
    }

    It 'is imported first and brings its plug-ins, also twice, and takes them along when it is removed' {
        $lines = Invoke-WithSample @'
            (Get-GptPlugin sample-* | ForEach-Object { "$($_.Kind) $($_.Name) $($_.Source.Split('.')[-1])" }) -join '; '
            Import-Module PsGpt.Sample.Plugin -Force; (Get-GptPlugin sample-*).Count
            Remove-Module PsGpt.Sample.Plugin; @(Get-GptPlugin sample-*).Count
'@
        $lines[0] | Should -Be ('Tokenizer sample-bytes Plugin; TextSplitter sample-lines ScriptBlock; ModelFormat sample-zip Plugin; ' +
            'TokenizerFormat sample-code-points Plugin; Optimizer sample-lion Plugin; Schedule sample-triangle ScriptBlock; ' +
            'Sampler sample-calm Plugin; BatchSource sample-even ScriptBlock; StepObserver sample-stop ScriptBlock; ' +
            'Chart sample-csv Plugin')
        $lines[1, 2] | Should -Be '10', '0'
    }

    It 'trains with its tokenizer, optimizer and schedule, and keeps the tokenizer by name' {
        $lines = Invoke-WithSample @'
            Get-GptSampleText -Count 60 | Set-Content story.txt
            $model = New-GptModel -Tokenizer sample-bytes -LayerCount 1 -HeadCount 2 -ChannelCount 16 -ContextLength 32 -Seed 1
            $steps = $model | Start-GptTraining story.txt -Steps 30 -Optimizer sample-lion -LearningRate 3e-3 -Schedule sample-triangle `
                -BatchSize 4 -SequenceLength 32 -ValidationInterval 0 -CheckpointPath run -PluginParameter @{ Peak = 0.5; LionBeta1 = 0.8 }
            'falls: ' + ($steps[-1].Loss -lt $steps[0].Loss - 0.5)
            'rate: ' + ($steps[15].LearningRate -gt $steps[5].LearningRate)
            $model | Export-GptModel exported -Format huggingface | Out-Null
            'exported: ' + (Import-GptModel exported).Tokenizer.Name
            'resumed: ' + @(Import-GptModel exported | Start-GptTraining story.txt -CheckpointPath run -Resume -Steps 32).Count
            Remove-Module PsGpt.Sample.Plugin
            try { Import-GptModel exported } catch { $_.FullyQualifiedErrorId }
'@
        $lines | Should -Contain 'falls: True' -Because ($lines -join "`n")
        $lines | Should -Contain 'rate: True'
        $lines | Should -Contain 'exported: sample-bytes'
        $lines | Should -Contain 'resumed: 2' -Because ($lines -join "`n")
        $lines[-1] | Should -BeLike 'TokenizerPluginMissing*'
    }

    It 'takes its batches, ends at its loss, and writes and reads its files' {
        $lines = Invoke-WithSample @'
            Get-GptSampleText -Count 20 | Set-Content tale.txt
            $model = New-GptModel -Tokenizer sample-bytes -LayerCount 1 -HeadCount 2 -ChannelCount 16 -ContextLength 32 -Seed 1
            $steps = $model | Start-GptTraining tale.txt -Steps 30 -LearningRate 1e-2 -BatchSize 4 -SequenceLength 32 `
                -ValidationInterval 0 -BatchSource sample-even -StepObserver sample-stop -PluginParameter @{ TargetLoss = 5 }
            'ends: ' + ($steps.Count -lt 30 -and $steps[-1].Loss -lt 5 -and $steps[-2].Loss -ge 5)
            $null = $steps | Export-GptChart loss.csv
            'rows: ' + ((Import-Csv loss.csv).Count -eq $steps.Count)
            $null = $model | Export-GptModel tale.zip -Format sample-zip
            $back = Import-GptModel tale.zip
            'same: ' + ((Measure-GptText 'Once' -Model $back).Loss -eq (Measure-GptText 'Once' -Model $model).Loss)
            $null = New-GptTokenizer 'cab' -Kind Character | Export-GptTokenizer abc.txt -Format sample-code-points
            'ids: ' + (ConvertTo-GptTokens 'abc' -Tokenizer (Import-GptTokenizer abc.txt)).Ids
'@
        $lines | Should -Contain 'ends: True' -Because ($lines -join "`n")
        $lines | Should -Contain 'rows: True' -Because ($lines -join "`n")
        $lines | Should -Contain 'same: True' -Because ($lines -join "`n")
        $lines | Should -Contain 'ids: 0 1 2' -Because ($lines -join "`n")
    }

    It 'samples with its parameter' {
        $lines = Invoke-WithSample @'
            $greedy = @{ Prompt = 'Once upon a time'; Temperature = 0; MaxTokens = 12 }
            $tokens = { (Invoke-GptCompletion @greedy -Sampler sample-calm -PluginParameter $args[0]).Tokens }
            $free = & $tokens @{ Strength = 0 }
            "$free" -eq "$((Invoke-GptCompletion @greedy).Tokens)"
            (& $tokens @{ Strength = 1000; Window = 100 } | Group-Object | Measure-Object Count -Maximum).Maximum
'@
        $lines | Should -Be 'True', '1' -Because ($lines -join "`n")
    }
}
