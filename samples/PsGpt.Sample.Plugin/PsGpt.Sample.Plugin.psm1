# The assembly is called as the module is.
Register-GptPlugin -Path (Join-Path $PSScriptRoot "$($ExecutionContext.SessionState.Module.Name).dll")

# A schedule: up and down again along straight lines.
Register-GptPlugin -Kind Schedule -Name sample-triangle -Description 'Up and down along straight lines.' -ScriptBlock {
    param($progress, $decayFraction, [double] $Peak = 0.3)
    if ($progress -lt $Peak) { $progress / $Peak } else { (1 - $progress) / (1 - $Peak) }
}

# A batch source: the rows start at the beginning of the text, and go on evenly.
Register-GptPlugin -Kind BatchSource -Name sample-even -Description 'Rows at even distances.' -ScriptBlock {
    param($tokenCount, $batchSize, $sequenceLength, $number)
    $last = $tokenCount - $sequenceLength
    foreach ($row in 0..($batchSize - 1)) { (($number * $batchSize + $row) * $sequenceLength) % $last }
}

# A step observer: it ends the run at a loss.
Register-GptPlugin -Kind StepObserver -Name sample-stop -Description 'Ends the run at a loss.' -ScriptBlock {
    param($observation, [float] $TargetLoss = 2)
    if ($observation.Step.Loss -lt $TargetLoss) { $observation.Stop() }
}

# A text splitter: merges stay within lines. 0 asks for more text.
Register-GptPlugin -Kind TextSplitter -Name sample-lines -Description 'A piece is a line.' -ScriptBlock {
    param($text, $isEnd)
    $end = $text.IndexOf("`n") + 1
    if ($end -gt 0) { $end } elseif ($isEnd) { $text.Length } else { 0 }
}

$ExecutionContext.SessionState.Module.OnRemove = {
    Get-GptPlugin sample-* | Unregister-GptPlugin
}
