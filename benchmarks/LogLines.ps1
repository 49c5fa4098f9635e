<#
.SYNOPSIS
How well a small model of normal log lines finds the others: the area under the ROC curve of the mean surprisal of a line.
.DESCRIPTION
The log is loghub's BGL_2k.log (Zhu et al., Loghub, ISSRE 2023): the first field of a line is '-' where operators saw nothing wrong.
The text of a line is all after its first nine fields. For a split file (line numbers, shuffled) the normal lines among the first half
train a model and the other half is scored; without one, lines are taken in the order of time.
.EXAMPLE
./benchmarks/LogLines.ps1 BGL_2k.log -SplitPath split-1.txt, split-2.txt, split-3.txt -Seed 1, 2, 3
#>
param(
    [Parameter(Mandatory)] [string] $Path,
    [string[]] $SplitPath = @(),
    [uint64[]] $Seed = 1,
    [int] $Steps = 150,
    [int] $VocabularySize = 512,
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
        $model = $normal | New-GptTokenizer -VocabularySize $VocabularySize |
            New-GptModel -LayerCount 2 -HeadCount 4 -ChannelCount 64 -ContextLength 48 -Seed $one -Name log
        $null = $normal | Start-GptTraining -Model $model -Steps $Steps -BatchSize 32 -SequenceLength 48 -Seed $one `
            -Optimizer muon -LearningRate 0.02 -WeightDecay 0 -ValidationInterval 0
        $trained = $clock.Elapsed.TotalSeconds
        $clock.Restart()
        $scores = $scored.ForEach{ $text[$_] } | Measure-GptText -PerString -Model $model
        [pscustomobject]@{
            Lines          = $name
            Seed           = $one
            Auc            = [Math]::Round((Measure-Auc $scores.Surprisal $scored.ForEach{ $isAlert[$_] }), 3)
            AucOfSum       = [Math]::Round((Measure-Auc $scores.Sum $scored.ForEach{ $isAlert[$_] }), 3)
            TrainSeconds   = [int] $trained
            LinesPerMinute = [int] ($scores.Count / $clock.Elapsed.TotalMinutes)
        }
        $model.Dispose()
    }
}
