# The assembly is called as the module is.
Register-GptPlugin -Path (Join-Path $PSScriptRoot "$($ExecutionContext.SessionState.Module.Name).dll")

# A schedule: up and down again along straight lines.
Register-GptPlugin -Kind Schedule -Name sample-triangle -Description 'Up and down along straight lines.' -ScriptBlock {
    param($progress, $decayFraction, [double] $Peak = 0.3)
    if ($progress -lt $Peak) { $progress / $Peak } else { (1 - $progress) / (1 - $Peak) }
}

$ExecutionContext.SessionState.Module.OnRemove = {
    Get-GptPlugin sample-* | Unregister-GptPlugin
}
