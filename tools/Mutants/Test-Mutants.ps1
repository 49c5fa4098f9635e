<#
.SYNOPSIS
    Makes small changes to the engine, one at a time, and lists those that no unit test notices.
.DESCRIPTION
    Works in a copy of the repository (git worktree) that it removes in the end, so that the working tree is never touched. A change is an
    operator, a constant or a condition: < for <=, && for ||, + for -, n + 1 for n, true for false. For each change it builds the engine and
    runs the unit tests of the room. Killed: a test failed, or the run took too long. Lived: all passed. NotCompiled changes do not count.
    Not part of the tests: a change takes about half a minute.
.PARAMETER Room
    The rooms of the engine to change. The kernels are left out: each has its scalar twin.
.PARAMETER Count
    The number of changes, the same for each room as far as it has as many places.
.PARAMETER Seed
    Chooses the places. The same seed chooses the same ones in the same source.
.EXAMPLE
    ./tools/Mutants/Test-Mutants.ps1 -Count 150 | Where-Object Result -eq Lived | Format-Table -Wrap
.EXAMPLE
    ./tools/Mutants/Test-Mutants.ps1 -Room Training, Data -Count 20 -Seed 7
#>
[CmdletBinding()]
param(
    [string[]] $Room = @('Tensors', 'Tokenization', 'Data', 'Model', 'Formats', 'Training', 'Generation', 'Charts', 'Evaluation', 'Checkpoints', 'Hub'),
    [ValidateRange(1, 10000)] [int] $Count = 150,
    [int] $Seed = 1,
    [ValidateRange(10, 3600)] [int] $TimeoutSeconds = 240
)

$ErrorActionPreference = 'Stop'
$repository = git -C $PSScriptRoot rev-parse --show-toplevel
# Beside the repository, where the tests find the same fixtures.
$copy = Join-Path (Split-Path $repository) "psgpt-mutants-$PID"

# What is written in place of what. A space on both sides keeps generics, lambdas and unary signs out.
$changes = [ordered]@{
    ' <= ' = ' < '; ' >= ' = ' > '; ' < ' = ' <= '; ' > ' = ' >= '; ' == ' = ' != '; ' != ' = ' == '
    ' && ' = ' || '; ' || ' = ' && '; ' + ' = ' - '; ' - ' = ' + '; ' * ' = ' / '; ' / ' = ' * '
    '++' = '--'; ' is null' = ' is not null'; ' is not null' = ' is null'; 'true' = 'false'; 'false' = 'true'
    'Math.Max(' = 'Math.Min('; 'Math.Min(' = 'Math.Max('; 'MathF.Max(' = 'MathF.Min('
}
$number = '(?<![\w.])\d+(?:\.\d+)?(?=[fL]?\b)(?!\.\d)'

# Each place of a line of code, outside of strings, comments and attributes, where something can be changed.
function Get-Change {
    param([string] $Line)
    $code = ($Line -replace '//.*$', '') -replace '"(?:[^"\\]|\\.)*"', { ' ' * $_.Length }
    if ($code -match '^\s*(///|\[|using |namespace )' -or $code -notmatch '[;{(]|=>') { return }
    foreach ($from in $changes.Keys) {
        for ($at = $code.IndexOf($from, [StringComparison]::Ordinal); $at -ge 0; $at = $code.IndexOf($from, $at + 1, [StringComparison]::Ordinal)) {
            $Line.Remove($at, $from.Length).Insert($at, $changes[$from])
        }
    }
    foreach ($match in [regex]::Matches($code, $number)) {
        $Line.Remove($match.Index, $match.Length).Insert($match.Index, ([decimal] $match.Value + 1).ToString([cultureinfo]::InvariantCulture))
    }
}

function Get-Mutant {
    param([string] $Name, [int] $Most)
    $places = foreach ($file in Get-ChildItem (Join-Path $copy "src/PsGpt.Engine/$Name") -Recurse -Filter *.cs) {
        $lines = [System.IO.File]::ReadAllLines($file.FullName)
        for ($i = 0; $i -lt $lines.Length; $i++) {
            foreach ($changed in Get-Change $lines[$i]) {
                [pscustomobject]@{ Room = $Name; File = $file.FullName; Line = $i; Before = $lines[$i]; After = $changed }
            }
        }
    }
    $places | Get-Random -Count $Most -SetSeed $Seed
}

# Runs a program to its end or to the limit, without a window for its output.
function Invoke-Limited {
    param([string[]] $Arguments)
    $start = [System.Diagnostics.ProcessStartInfo]::new('dotnet', [string[]] $Arguments)
    $start.WorkingDirectory = $copy
    $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $process = [System.Diagnostics.Process]::Start($start)
    $null = $process.StandardOutput.ReadToEndAsync(), $process.StandardError.ReadToEndAsync()
    if (-not $process.WaitForExit($TimeoutSeconds * 1000)) {
        $process.Kill($true)
        return -1
    }
    $process.ExitCode
}

# Analyzers are off: they would refuse changes that the compiler accepts.
$build = 'build', 'tests/Unit', '-c', 'Release', '-v', 'q', '-nologo', '-p:RunAnalyzers=false', '-p:TreatWarningsAsErrors=false'

git -C $repository worktree add --quiet --detach $copy HEAD
try {
    if ((Invoke-Limited $build) -ne 0) { throw "The unchanged source in '$copy' does not build." }
    $mutants = $Room | ForEach-Object { Get-Mutant $_ ([Math]::Ceiling($Count / $Room.Count)) }
    $done = 0
    foreach ($mutant in $mutants) {
        Write-Progress 'Mutants' "$($mutant.Room): $(Split-Path $mutant.File -Leaf)" -PercentComplete (100 * $done++ / $mutants.Count)
        $lines = [System.IO.File]::ReadAllLines($mutant.File)
        $original = [System.IO.File]::ReadAllText($mutant.File)
        $lines[$mutant.Line] = $mutant.After
        [System.IO.File]::WriteAllLines($mutant.File, $lines)
        $result = if ((Invoke-Limited $build) -ne 0) { 'NotCompiled' }
        elseif ((Invoke-Limited @('test', 'tests/Unit', '-c', 'Release', '--no-build', '--filter', "FullyQualifiedName~PsGpt.Unit.$($mutant.Room)")) -eq 0) { 'Lived' }
        else { 'Killed' }
        [System.IO.File]::WriteAllText($mutant.File, $original)
        [pscustomobject]@{
            Result = $result
            Room   = $mutant.Room
            Place  = "$([System.IO.Path]::GetRelativePath($copy, $mutant.File)):$($mutant.Line + 1)"
            Before = $mutant.Before.Trim()
            After  = $mutant.After.Trim()
        }
    }
}
finally {
    git -C $repository worktree remove --force $copy
}
