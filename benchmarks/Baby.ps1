<#
.SYNOPSIS
How long the recipe baby takes to a loss, for three seeds, and how long nanoGPT takes for its own recipe where it is there; in turn.
.EXAMPLE
benchmarks/Baby.ps1 input.txt
.EXAMPLE
benchmarks/Baby.ps1 input.txt -NanoGpt ~/nanoGPT -Python python3
#>
param(
    # Tinyshakespeare: nanoGPT's data/shakespeare_char/input.txt.
    [Parameter(Mandatory)] [string] $Path,
    # A clone of nanoGPT whose data/shakespeare_char/prepare.py has run.
    [string] $NanoGpt,
    [string] $Python = 'python3',
    [int[]] $Seed = (1, 2, 3)
)
Import-Module (Join-Path $PSScriptRoot '../output/PsGpt')
$recipe = 'config/train_shakespeare_char.py', '--device=cpu', '--compile=False', '--eval_iters=20', '--log_interval=1000',
    '--block_size=64', '--batch_size=12', '--n_layer=4', '--n_head=4', '--n_embd=128', '--max_iters=2000', '--lr_decay_iters=2000',
    '--dropout=0.0'

# Once, so that the first seed does not pay for what is compiled and cached at first.
$null = Start-GptTraining $Path -Recipe baby -Steps 20 -WarningAction Ignore
foreach ($number in $Seed) {
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    # Measured at the end only, over 200 batches; that time is not part of the run.
    $steps = Start-GptTraining $Path -Recipe baby -Seed $number -ValidationInterval 1000000 -ValidationBatches 200 -WarningAction Ignore
    [pscustomobject]@{
        Run = "PsGpt, seed $number"; Steps = $steps.Count; ValidationLoss = $steps[-1].ValidationLoss
        Seconds = [Math]::Round(($steps | Measure-Object Milliseconds -Sum).Sum / 1000, 1)
        SecondsWithAllElse = [Math]::Round($clock.Elapsed.TotalSeconds, 1)
    }
    if ($NanoGpt) {
        Push-Location $NanoGpt
        $clock.Restart()
        $lines = & $Python train.py @recipe
        $losses = $lines | Select-String 'step (\d+): train loss [\d.]+, val loss ([\d.]+)'
        [pscustomobject]@{
            Run = 'nanoGPT'; Steps = 2000; ValidationLoss = [double]$losses[-1].Matches[0].Groups[2].Value
            Seconds = [Math]::Round($clock.Elapsed.TotalSeconds, 1); SecondsWithAllElse = [Math]::Round($clock.Elapsed.TotalSeconds, 1)
        }
        Pop-Location
    }
}
