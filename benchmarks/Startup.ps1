<#
.SYNOPSIS
Measures the time that the module adds to the start of a PowerShell: its import, and the first completion of the built-in model.
.DESCRIPTION
Starts a bare PowerShell, one that imports the module, and one that also completes a text, in turns of a random order. It reports the
medians of their time on the clock, and of the time that they take beyond the bare one in the same turn.
.EXAMPLE
./benchmarks/Startup.ps1 -Turns 9
#>
param(
    [int] $Turns = 9,
    [string] $Module = "$PSScriptRoot/../output/PsGpt"
)

$import = "Import-Module '$(Resolve-Path $Module)'"
$commands = [ordered]@{
    bare     = '1'
    import   = $import
    complete = "$import; Invoke-GptCompletion 'Once upon a time' -MaxTokens 20 -Seed 1"
}

function Measure-Start {
    param([string] $Command)
    $start = [Diagnostics.ProcessStartInfo]::new((Get-Process -Id $PID).Path)
    if ((Split-Path $start.FileName -Leaf) -match '^dotnet') { $start.ArgumentList.Add((Join-Path $PSHOME pwsh.dll)) }
    foreach ($argument in '-NoProfile', '-NonInteractive', '-Command', $Command) { $start.ArgumentList.Add($argument) }
    $start.RedirectStandardOutput = $true
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $process = [Diagnostics.Process]::Start($start)
    $null = $process.StandardOutput.ReadToEnd()
    $process.WaitForExit()
    $clock.Elapsed.TotalMilliseconds
}

function Get-Median {
    param([double[]] $Value)
    ($Value | Sort-Object)[[Math]::Floor($Value.Count / 2)]
}

$clocks = @{}
foreach ($turn in 0..$Turns) {
    foreach ($name in $commands.Keys | Get-Random -Shuffle) {
        $clock = Measure-Start $commands[$name]

        # The first turn is to warm up.
        if ($turn -gt 0) { $clocks[$name] += @($clock) }
    }
}

$bars = @{ bare = 0; import = 120; complete = 500 }
foreach ($name in $commands.Keys) {
    $over = Get-Median (0..($Turns - 1)).ForEach{ $clocks[$name][$_] - $clocks['bare'][$_] }
    [pscustomobject]@{
        Start        = $name
        Milliseconds = [int] (Get-Median $clocks[$name])
        OverBare     = [int] $over
        Bar          = $bars[$name]
        Reached      = $over -le $bars[$name]
    }
}
