<#
.SYNOPSIS
The loss that the recipe shakespeare reaches on all of the held-out text, and the time that it takes for it.
.EXAMPLE
benchmarks/Shakespeare.ps1 input.txt
.EXAMPLE
benchmarks/Shakespeare.ps1 input.txt -Seed 1 -With @{ Steps = 100; SequenceWarmupSteps = 15 }
#>
param(
    # Tinyshakespeare: nanoGPT's data/shakespeare_char/input.txt.
    [Parameter(Mandatory)] [string] $Path,
    [int[]] $Seed = (1, 2, 3),
    # Parameters of Start-GptTraining that win over the recipe's.
    [hashtable] $With = @{},
    # The recipe, or the path of a recipe file.
    [string] $Recipe = 'shakespeare'
)
$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../output/PsGpt')
$folder = New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "shakespeare-$PID")
try {
    # nanoGPT's split: the first 90 % of the characters are trained on. Start-GptTraining holds out the same tenth.
    $text = Get-Content $Path -Raw
    $heldOut = Join-Path $folder held-out.txt
    Set-Content $heldOut $text.Substring([Math]::Floor(0.9 * $text.Length)) -NoNewline
    foreach ($number in $Seed) {
        $run = Join-Path $folder $number
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $steps = Start-GptTraining $Path -Recipe $Recipe -Seed $number -CheckpointPath $run @With
        $model = Import-GptModel (Join-Path $run (Get-Content (Join-Path $run latest)))
        $score = Measure-GptText -Path $heldOut -Model $model -Overlap 0
        $minutes = $clock.Elapsed.TotalMinutes
        $sizes = @{ SequenceLength = $model.Configuration.ContextLength; BatchSize = 32; ValidationBatches = 200 }
        $random = Start-GptTraining $Path -Model $model -EvaluateOnly @sizes
        [pscustomobject]@{
            Seed = $number; Steps = $steps.Count; ValidationLoss = $score.Loss; RandomBatches = $random.Loss; Minutes = $minutes
            StepMinutes = ($steps | Measure-Object Milliseconds -Sum).Sum / 60000
            Curve = ($steps | Where-Object ValidationLoss | ForEach-Object { '{0}: {1:0.000}' -f $_.Step, $_.ValidationLoss }) -join ', '
        }
        $model.Dispose()
    }
}
finally {
    Remove-Item $folder -Recurse -Force
}
