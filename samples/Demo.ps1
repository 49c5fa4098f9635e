<#
.SYNOPSIS
Runs the session of the README, each command before what it gives: the whole life of a GPT in the pipeline.
#>
$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../output/PsGpt')

function Show([scriptblock] $Command) {
    "PS> $("$Command".Trim())" | Out-Host
    . $Command | Out-Host
}

$folder = New-Item -ItemType Directory -Path (Join-Path ([System.IO.Path]::GetTempPath()) "PsGpt-$PID")
Push-Location $folder
try {
    Show { Get-GptSampleText -Count 300 -Theme Sea | Set-Content story.txt }
    Show { Get-Content story.txt | ConvertTo-GptTokens }
    Show { Import-GptModel | Start-GptTraining -Steps 40 }
    Show { Import-GptModel | Start-GptTraining -Steps 40 -Path story.txt -PassThru | Invoke-GptCompletion -Prompt 'Once upon a time' }
    $m = Import-GptModel
    Show { $m }
    Show { Get-Content story.txt | ConvertTo-GptTokens -Model $m | New-GptBatch -BatchSize 4 -SequenceLength 64 | Invoke-GptTrainingStep -Model $m -LearningRate 1e-3 | Select-Object -First 5 }
    Show { Invoke-GptCompletion -Prompt 'Once upon a time' }
}
finally {
    Pop-Location
    Remove-Item $folder -Recurse
}
