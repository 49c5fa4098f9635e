#!/usr/bin/env pwsh
<#
.SYNOPSIS
Builds, tests, shows, measures or packs PsGpt.
.DESCRIPTION
Everything of weight is in the projects; these are the commands to remember. A plain 'dotnet build' leaves the module too.
.EXAMPLE
./build.ps1
Leaves the importable module in output/PsGpt.
.EXAMPLE
./build.ps1 -Task Build, Test
.EXAMPLE
./build.ps1 -Task Bench -BenchmarkArgument 124M, --python, python3
.EXAMPLE
dotnet tool restore; dotnet pwsh build.ps1 -Task Package
On a machine without PowerShell.
#>
[CmdletBinding()]
param(
    # Build: the module in output/PsGpt. Test: all tests. Coverage: all tests, with the lines that they reach in output/coverage.
    # TestVariants: all tests with each of the kernels that this machine can run. Demo: the session of the README.
    # Bench: the benchmarks. Package: the module and the engine as nupkg files in output/packages.
    [ValidateSet('Build', 'Test', 'Coverage', 'TestVariants', 'Demo', 'Bench', 'Package')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    # What the benchmarks are given, such as: 124M, '--llmc', '~/llm.c/train_gpt2', '--python', 'python3'.
    [string[]] $BenchmarkArgument = @(),

    # Where Package puts its files.
    [string] $PackageFolder = (Join-Path $PSScriptRoot 'output/packages'),

    # Packs the module that was built before.
    [switch] $NoBuild
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
$module = Join-Path $PSScriptRoot 'output/PsGpt'

function Build { dotnet build $PSScriptRoot/PsGpt.sln -c $Configuration }

function Test { dotnet test $PSScriptRoot/PsGpt.sln -c $Configuration }

function Coverage {
    dotnet test $PSScriptRoot/PsGpt.sln -c $Configuration --collect 'XPlat Code Coverage' --results-directory $PSScriptRoot/output/coverage
}

# In processes of their own, since hardware is hidden from a process when it starts; what is hidden takes what is better along.
function TestVariants {
    foreach ($setting in $null, 'DOTNET_EnableAVX512=0', 'DOTNET_EnableAVX2=0', 'PSGPT_KERNELS=scalar') {
        $name, $value = $setting -split '='
        if ($name) { Set-Item "env:$name" $value }
        try { Write-Information "Tests with $($setting ?? 'all hardware')" -InformationAction Continue; Test }
        finally { if ($name) { Remove-Item "env:$name" } }
    }
}

function Demo {
    Build
    # In a process of its own: a loaded assembly could not be built again.
    pwsh -NoProfile -File (Join-Path $PSScriptRoot 'samples/Demo.ps1')
}

function Bench { dotnet run -c Release --project (Join-Path $PSScriptRoot 'benchmarks') -- @BenchmarkArgument }

# The module as Install-PSResource takes it, and the engine as a C# project takes it.
function Package {
    if (-not $NoBuild) { Build }
    $null = New-Item -ItemType Directory -Path $PackageFolder -Force
    Compress-PSResource -Path $module -DestinationPath $PackageFolder
    dotnet pack $PSScriptRoot/src/PsGpt.Engine -c $Configuration --no-build -o $PackageFolder -v quiet | Out-Host
    Get-ChildItem $PackageFolder -Filter *.nupkg
}

foreach ($name in $Task) { & $name }
