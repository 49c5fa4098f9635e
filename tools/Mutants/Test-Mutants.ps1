<#
.SYNOPSIS
    Makes small changes to the engine and lists those that no unit test notices.
.DESCRIPTION
    Works in a copy of the repository (git worktree) that it removes in the end, so that the working tree is never touched. A change is an
    operator, a number, a condition or a call that is left out: < for <=, && for ||, + for -, n + 1 for n, true for false. All changes are
    compiled into one engine, each behind a switch: PSGPT_MUTANT=7 turns on the seventh. So the copy is built once, and a change costs one
    run of the tests of its room, which stops at the first test that fails. docs/mutants.md tells what lived so far, and why.
    Killed: a test failed, or the run took too long. Lived: all passed. Changes that do not compile are left out.
.PARAMETER Room
    The rooms of the engine to change. The kernels are left out: each has its scalar twin.
.PARAMETER Count
    The number of changes, the same for each room as far as it has as many places.
.PARAMETER Seed
    Chooses the places. The same seed chooses the same ones in the same source.
.PARAMETER Filter
    The tests that are run for a room, where those of its folder are not enough.
.EXAMPLE
    ./tools/Mutants/Test-Mutants.ps1 -Count 150 | Where-Object Result -eq Lived | Format-Table -Wrap
.EXAMPLE
    ./tools/Mutants/Test-Mutants.ps1 -Room Training, Data -Count 20 -Seed 7
#>
[CmdletBinding()]
param(
    [string[]] $Room = @(
        'Tensors', 'Tokenization', 'Data', 'Model', 'Inspection', 'Formats', 'Communication', 'Training', 'Generation', 'Charts',
        'Evaluation', 'Checkpoints', 'Hub', 'Plugins', 'Samples'),
    [ValidateRange(1, 10000)] [int] $Count = 150,
    [int] $Seed = 1,
    [hashtable] $Filter = @{
        Data         = 'Data|~Training.ResumeTests|~Training.LlmcLoop|~Formats.ChoiceFileTests'
        Plugins      = 'Plugins|~Extensions|~RegistryTests|~Training.PluggedOptimizerTests'
        Checkpoints  = 'Checkpoints|~Communication.DistributedProcessTests'
        Training     = 'Training|~Communication.DistributedTrainingTests'
        Tokenization = 'Tokenization|~Formats.NormalizerTests|~Formats.TokenizerFormatTests'
    },
    [ValidateRange(10, 3600)] [int] $TimeoutSeconds = 240
)

$ErrorActionPreference = 'Stop'
. $PSScriptRoot/Find-Change.ps1
$repository = git -C $PSScriptRoot rev-parse --show-toplevel
# Beside the repository, where the tests find the same fixtures.
$copy = Join-Path (Split-Path $repository) "psgpt-mutants-$PID"

# Runs a program to its end or to the limit, without a window for its output.
function Invoke-Limited {
    param([string[]] $Arguments, [int] $Mutant)
    $start = [System.Diagnostics.ProcessStartInfo]::new('dotnet', [string[]] $Arguments)
    $start.WorkingDirectory = $copy
    $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $start.Environment['PSGPT_MUTANT'] = "$Mutant"
    # Fewer broken files: what a change breaks shows in the first of them.
    $start.Environment['PSGPT_MUTATIONS'] = '100'
    $process = [System.Diagnostics.Process]::Start($start)
    $output, $null = $process.StandardOutput.ReadToEndAsync(), $process.StandardError.ReadToEndAsync()
    if (-not $process.WaitForExit($TimeoutSeconds * 1000)) {
        $process.Kill($true)
        return @{ ExitCode = -1; Output = '' }
    }
    @{ ExitCode = $process.ExitCode; Output = $output.Result }
}

# Analyzers are off: they would refuse changes that the compiler accepts.
function Invoke-Build {
    Invoke-Limited 'build', 'tests/Unit', '-c', 'Release', '-v', 'q', '-nologo', '-p:RunAnalyzers=false', '-p:TreatWarningsAsErrors=false'
}

function Invoke-RoomTest {
    param([string] $Name, [int] $Mutant)
    $tests = "FullyQualifiedName~PsGpt.Unit.$($Filter[$Name] ?? $Name)" -replace '\|~', '|FullyQualifiedName~PsGpt.Unit.'
    Invoke-Limited 'test', 'tests/Unit', '-c', 'Release', '--no-build', '--filter', $tests, '--', 'xUnit.StopOnFail=true' -Mutant $Mutant
}

# Writes the sources with all changes behind their switches, and leaves out those that the compiler refuses.
function Build-Mutants {
    param([object[]] $Mutants)
    Set-Content (Join-Path $copy 'src/PsGpt.Engine/Mutant.cs') @'
namespace PsGpt;

internal static class Mutant
{
    private static readonly int Active =
        int.TryParse(System.Environment.GetEnvironmentVariable("PSGPT_MUTANT"), out var number) ? number : 0;

    public static bool Is(int number) => number == Active;
}
'@
    for ($left = $Mutants; ; ) {
        $left | Group-Object File | ForEach-Object { Set-Change $_.Name $_.Group }
        $built = Invoke-Build
        if ($built.ExitCode -eq 0) { return $left }
        $errors = [regex]::Matches($built.Output, '(?m)^\s*(.+?\.cs)\((\d+),\d+\): error') |
            ForEach-Object { [pscustomobject]@{ File = $_.Groups[1].Value; Line = [int] $_.Groups[2].Value } } |
                Sort-Object File, Line -Unique
        $refused = $left | Where-Object {
            $m = $_; $errors | Where-Object { $_.File -eq $m.File -and $_.Line -ge $m.Line -and $_.Line -le $m.LastLine }
        }
        # A call that is left out shows where its result is used.
        if (-not $refused) { $refused = $left | Where-Object File -In $errors.File }
        if (-not $refused) { throw "The changed source in '$copy' does not build: $($built.Output)" }
        $refused.File | Sort-Object -Unique | ForEach-Object { git -C $copy checkout --quiet -- $_ }
        $left = $left | Where-Object { $_ -notin $refused }
    }
}

git -C $repository worktree add --quiet --detach $copy HEAD
try {
    $number = 0
    $mutants = foreach ($name in $Room) {
        Get-ChildItem (Join-Path $copy "src/PsGpt.Engine/$name") -Recurse -Filter *.cs | ForEach-Object { Find-Change $_.FullName $name } |
            Get-Random -Count ([Math]::Ceiling($Count / $Room.Count)) -SetSeed $Seed
    }
    foreach ($mutant in $mutants) { $mutant.Number = ++$number }
    $mutants = Build-Mutants (Select-Apart $mutants)
    $done = 0
    foreach ($mutant in $mutants) {
        Write-Progress 'Mutants' "$($mutant.Room): $(Split-Path $mutant.File -Leaf)" -PercentComplete (100 * $done++ / $mutants.Count)
        [pscustomobject]@{
            Result = (Invoke-RoomTest $mutant.Room $mutant.Number).ExitCode -eq 0 ? 'Lived' : 'Killed'
            Room   = $mutant.Room
            Place  = "$([System.IO.Path]::GetRelativePath($copy, $mutant.File)):$($mutant.Line)"
            Before = $mutant.Before
            After  = $mutant.After
        }
    }
}
finally {
    git -C $repository worktree remove --force $copy
}
