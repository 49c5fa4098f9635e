<#
.SYNOPSIS
How well a model by the recipe log-lines finds log lines that are unlike the normal ones.
.DESCRIPTION
The log is loghub's BGL_2k.log (Zhu et al., Loghub, ISSRE 2023): the first field of a line is '-' where operators saw nothing wrong.
The text of a line is all after its first nine fields. For a split file (line numbers, shuffled) the normal lines among the first half
train a model and the other half is scored; without one, lines are taken in the order of time. The figures are areas under the ROC curve.

Without a path, the log is made up (GeneratedLog.ps1): 5,000 normal lines train a model, and 20 lines that do not belong there stand
among 20,000 others. Found is the number of them among the 40 lines of the highest surprisal. Above is the number of alerts, or of
lines that do not belong there, whose surprisal is above the threshold; NormalAbove is the number of normal lines above it.
.EXAMPLE
./benchmarks/LogLines.ps1 BGL_2k.log -SplitPath split-1.txt, split-2.txt, split-3.txt -Seed 1, 2, 3
.EXAMPLE
./benchmarks/LogLines.ps1 -Seed 1, 2, 3
#>
param(
    [string] $Path,
    [string[]] $SplitPath = @(),
    [uint64[]] $Seed = 1,
    [double] $Threshold = 5,
    [hashtable] $Option = @{},
    [string] $Module = "$PSScriptRoot/../output/PsGpt"
)

Import-Module $Module -ErrorAction Stop

# The share of pairs of an alert and a normal line in which the alert has the higher score; ties count half.
function Measure-Auc {
    param([double[]] $Score, [bool[]] $IsAlert)
    [int[]] $order = 0..($Score.Count - 1)
    [double[]] $sorted = $Score
    [Array]::Sort($sorted, $order)
    $rankSum = 0.0
    $alerts = 0
    for ($first = 0; $first -lt $sorted.Count; $first = $next) {
        for ($next = $first + 1; $next -lt $sorted.Count -and $sorted[$next] -eq $sorted[$first]; $next++) { }
        for ($i = $first; $i -lt $next; $i++) {
            if ($IsAlert[$order[$i]]) {
                $rankSum += ($first + $next + 1) / 2
                $alerts++
            }
        }
    }
    ($rankSum - $alerts * ($alerts + 1) / 2) / ($alerts * ($sorted.Count - $alerts))
}

function New-Model {
    param([string[]] $Lines, [uint64] $Seed)
    $Lines | Start-GptTraining -Recipe log-lines -Seed $Seed -PassThru @Option
}

# The made-up log: the lines that do not belong there are spread evenly.
function Measure-Generated {
    param([uint64] $Seed)
    $log = & $PSScriptRoot/GeneratedLog.ps1 -Count 25000 -Seed $Seed
    $lines = [Collections.Generic.List[string]]::new([string[]] $log.Normal[5000..24999])
    0..19 | ForEach-Object { $lines.Insert(1000 * $_ + 500, $log.Anomalies[$_]) }
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $model = New-Model $log.Normal[0..4999] $Seed
    $trained = $clock.Elapsed.TotalSeconds
    $clock.Restart()
    $scores = $lines | Measure-GptText -PerString -Model $model
    $minutes = $clock.Elapsed.TotalMinutes
    $highest = ($scores | Sort-Object Surprisal -Descending -Top 40).Text
    $above = $scores.Where{ $_.Surprisal -gt $Threshold }.Text
    [pscustomobject]@{
        Lines          = 'made up'
        Seed           = $Seed
        Found          = $log.Anomalies.Where{ $_ -in $highest }.Count
        Missed         = $log.Anomalies.Where{ $_ -notin $highest } -join '; '
        Above          = $log.Anomalies.Where{ $_ -in $above }.Count
        NormalAbove    = $above.Where{ $_ -notin $log.Anomalies }.Count
        TrainSeconds   = [int] $trained
        LinesPerMinute = [int] ($lines.Count / $minutes)
    }
    $model.Dispose()
}

if (-not $Path) {
    $Seed | ForEach-Object { Measure-Generated $_ }
    return
}

$lines = Get-Content $Path
$isAlert = $lines.ForEach{ $_[0] -ne '-' }
$text = $lines.ForEach{ $_.Split(' ', 10)[-1] }
$half = $lines.Count / 2
$orders = [ordered]@{ 'order of time' = 0..($lines.Count - 1) }
foreach ($file in $SplitPath) {
    $orders[(Split-Path $file -Leaf)] = [int[]] ((Get-Content $file -Raw).Trim() -split '\s+')
}

foreach ($name in $orders.Keys) {
    $order = $orders[$name]
    $normal = $order[0..($half - 1)].Where{ -not $isAlert[$_] }.ForEach{ $text[$_] }
    $scored = $order[$half..($lines.Count - 1)]
    foreach ($one in $Seed) {
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $model = New-Model $normal $one
        $trained = $clock.Elapsed.TotalSeconds
        $clock.Restart()
        $scores = $scored.ForEach{ $text[$_] } | Measure-GptText -PerString -Model $model
        $minutes = $clock.Elapsed.TotalMinutes
        $above = @(0..($scored.Count - 1)).Where{ $scores[$_].Surprisal -gt $Threshold }.ForEach{ $scored[$_] }
        [pscustomobject]@{
            Lines          = $name
            Seed           = $one
            Auc            = [Math]::Round((Measure-Auc $scores.Surprisal $scored.ForEach{ $isAlert[$_] }), 3)
            Above          = $above.Where{ $isAlert[$_] }.Count
            NormalAbove    = $above.Where{ -not $isAlert[$_] }.Count
            AucOfLoss      = [Math]::Round((Measure-Auc $scores.Loss $scored.ForEach{ $isAlert[$_] }), 3)
            AucOfSum       = [Math]::Round((Measure-Auc $scores.Sum $scored.ForEach{ $isAlert[$_] }), 3)
            TrainSeconds   = [int] $trained
            LinesPerMinute = [int] ($scores.Count / $minutes)
        }
        $model.Dispose()
    }
}
