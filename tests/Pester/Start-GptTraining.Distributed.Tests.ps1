# -Distributed in a real PowerShell, on two ranks of each MPI of this machine.
BeforeDiscovery {
    $launchers = 'mpirun.openmpi', 'mpirun.mpich' | Where-Object { Get-Command $_ -CommandType Application -ErrorAction Ignore }
    if (-not $launchers) { Write-Warning '-DISTRIBUTED WAS NOT TESTED: there is no mpirun on this machine. Install openmpi-bin or mpich.' }
}

BeforeAll {
    . $PSScriptRoot/common.ps1
    $module = (Get-Module PsGpt).ModuleBase
    New-TinyText 2000 | Set-Content (Join-Path $TestDrive 'text.txt') -NoNewline

    # Runs a script on two ranks, as "mpirun -n 2 pwsh -NoProfile -File train.ps1".
    function Invoke-Rank {
        param([string] $Launcher, [string] $Script)
        $path = Join-Path $TestDrive 'train.ps1'
        Set-Content $path @"
            `$PSStyle.OutputRendering = 'PlainText'; `$ErrorActionPreference = 'Stop'; `$ProgressPreference = 'Ignore'
            Import-Module '$module'; . '$PSScriptRoot/common.ps1'; Set-Location '$TestDrive'
            $Script
"@
        $saved = @{}
        $settings = @{
            OMPI_ALLOW_RUN_AS_ROOT = 1; OMPI_ALLOW_RUN_AS_ROOT_CONFIRM = 1; OMPI_MCA_rmaps_base_oversubscribe = 1; PSGPT_THREADS = 1
            TERM = 'dumb'
        }
        try {
            foreach ($name in $settings.Keys) {
                $saved[$name] = [Environment]::GetEnvironmentVariable($name); Set-Item env:$name $settings[$name]
            }
            & $Launcher -n 2 dotnet (Join-Path $PSHOME 'pwsh.dll') -NoProfile -NonInteractive -File $path 2>&1 | ForEach-Object { "$_" }
        }
        finally { foreach ($name in $saved.Keys) { [Environment]::SetEnvironmentVariable($name, $saved[$name]) } }
    }
}

Describe 'Start-GptTraining -Distributed under <_>' -ForEach $launchers {
    It 'trains one model by a recipe, with gradients in bfloat16, and resumes; rank 0 alone emits' {
        $lines = Invoke-Rank $_ @'
            Remove-Item run -Recurse -Force -ErrorAction Ignore
            $options = @{ Path = 'text.txt'; Recipe = 'baby'; BatchSize = 2; SequenceLength = 16; ValidationInterval = 0; WarmupSteps = 0
                Distributed = $true; GradientFormat = 'BFloat16'; CheckpointPath = 'run'; WarningAction = 'Ignore' }
            $model = New-TinyModel
            $first = @($model | Start-GptTraining @options -Steps 4)
            $second = @($model | Start-GptTraining @options -Steps 6 -Resume)
            if ($first -or $second) { "steps: $(@($first.Step) + @($second.Step))" }
            # The lines of two ranks may mix.
            $rank = [int]($env:OMPI_COMM_WORLD_RANK ?? $env:PMI_RANK)
            Get-GptTensor -Model $model | ForEach-Object { '{0:R}' -f $_.Norm } | Set-Content "weights-$rank.txt"
'@
        @($lines -match '^steps: 1 2 3 4 5 6$') | Should -HaveCount 1 -Because ($lines -join "`n")
        $weights = Get-Content (Join-Path $TestDrive 'weights-0.txt')
        $weights | Should -HaveCount 16
        Get-Content (Join-Path $TestDrive 'weights-1.txt') | Should -Be $weights
    }

    It 'evaluates together, with the loss of one process' {
        $lines = Invoke-Rank $_ @'
            $options = @{ Path = 'text.txt'; EvaluateOnly = $true; BatchSize = 2; SequenceLength = 16; ValidationBatches = 4 }
            $together = New-TinyModel | Start-GptTraining @options -Distributed
            if ($together) {
                $alone = New-TinyModel | Start-GptTraining @options -WarningAction Ignore
                'evaluated: {0} {1}' -f @($together).Count, ([Math]::Abs($together.Loss - $alone.Loss) -lt 1e-5)
            }
'@
        $lines | Should -Contain 'evaluated: 1 True' -Because ($lines -join "`n")
    }

    It 'ends with an error of rank 0 where the ranks differ' {
        $lines = Invoke-Rank $_ @'
            $rank = [int]($env:OMPI_COMM_WORLD_RANK ?? $env:PMI_RANK)
            try { New-TinyModel | Start-GptTraining text.txt -Steps 3 -LearningRate (1e-3 * (1 + $rank)) -Distributed }
            catch { $_.FullyQualifiedErrorId; "$_" }
'@
        @($lines -match '^RanksDiffer,') | Should -HaveCount 1 -Because ($lines -join "`n")
        ($lines -join ' ') | Should -Match 'Rank 1 has another value of LearningRate'
    }

    It 'names the rank that lost its text' {
        $lines = Invoke-Rank $_ @'
            $rank = [int]($env:OMPI_COMM_WORLD_RANK ?? $env:PMI_RANK)
            $ErrorActionPreference = 'Continue'
            Copy-Item text.txt "text-$rank.txt"
            if ($rank -eq 1) { [IO.File]::WriteAllBytes("$PWD/text-1.txt", [byte[]](0x61, 0xFF)) }
            New-TinyModel | Start-GptTraining "text-$rank.txt" -Steps 3 -BatchSize 2 -SequenceLength 16 -Distributed 2>&1 |
                ForEach-Object { "$rank $($_.FullyQualifiedErrorId) $_" }
'@
        @($lines -match '^0 TextMissing,.*Rank 1 could not read its text') | Should -HaveCount 1 -Because ($lines -join "`n")
        @($lines -match '^1 ') | Should -HaveCount 1
    }

    It 'warns where several processes train a model each' {
        $lines = Invoke-Rank $_ 'New-TinyModel | Start-GptTraining text.txt -Steps 1 -BatchSize 2 -SequenceLength 16 | Out-Null'
        @($lines -match '2 processes were started, and each trains a model of its own') | Should -HaveCount 1 -Because ($lines -join "`n")
    }
}

Describe 'Start-GptTraining -Distributed alone' {
    It 'shows the command line that is missing' {
        $failure = Get-ErrorOf { New-TinyModel | Start-GptTraining -Path (Join-Path $TestDrive 'text.txt') -Distributed }
        $failure.FullyQualifiedErrorId | Should -BeLike 'LauncherMissing,*'
        "$failure" | Should -BeLike '*mpirun -n 4 pwsh -NoProfile -File train.ps1*'
    }
}
