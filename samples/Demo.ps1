<#
.SYNOPSIS
Runs the first session of the README, each command before its output: the whole life of a GPT in the pipeline.
#>
$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../output/PsGpt')

$readme = Get-Content (Join-Path $PSScriptRoot '../README.md') -Raw
$session = [regex]::Match($readme, '(?s)## A first session.*?\n## ').Value
$folder = New-Item -ItemType Directory -Path (Join-Path ([System.IO.Path]::GetTempPath()) "PsGpt-$PID")
Push-Location $folder
try {
    foreach ($block in [regex]::Matches($session, '(?s)```powershell\n(.*?)```')) {
        $command = $block.Groups[1].Value.Trim()
        "PS> $command" | Out-Host
        . ([scriptblock]::Create($command)) | Out-Host
    }
}
finally {
    Pop-Location
    Remove-Item $folder -Recurse
}
