<#
.SYNOPSIS
Runs the Pester suite against output/PsGpt and writes the counts and the failures as JSON.
#>
param(
    [Parameter(Mandatory)]
    [string] $ResultPath,

    # The name of the Pester module, or the path of its manifest. The tests of the repository pass the one that the build restored.
    [string] $Pester = 'Pester'
)

$ErrorActionPreference = 'Stop'
Import-Module $Pester

$configuration = New-PesterConfiguration
$configuration.Run.Path = $PSScriptRoot
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$configuration.Output.RenderMode = 'Plaintext'
$result = Invoke-Pester -Configuration $configuration

# A file that cannot even be read counts as a failure: its tests did not run.
$broken = @($result.FailedContainers) + @($result.FailedBlocks)
@{
    Result   = $result.Result
    Passed   = $result.PassedCount
    Failed   = $result.FailedCount + $broken.Count
    Skipped  = $result.SkippedCount + $result.NotRunCount
    Failures = @(@($result.Failed) + $broken |
        ForEach-Object { "$($_.ExpandedPath ?? $_.Name ?? $_.Item): $($_.ErrorRecord | Select-Object -First 1)" })
} | ConvertTo-Json | Set-Content -LiteralPath $ResultPath
