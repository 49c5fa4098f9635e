# What every test file needs: the built module, and a few words that keep the tests short.
Import-Module (Join-Path $PSScriptRoot '../../output/PsGpt') -ErrorAction Stop

# The error records that a script block writes or throws.
function Get-ErrorOf {
    param([scriptblock] $Script)
    # Pester stops at the first error; here all of them count.
    $ErrorActionPreference = 'Continue'
    try {
        & $Script 2>&1 | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }
    }
    catch {
        $_
    }
}

# What a terminal of 80 columns shows, line by line.
filter Get-Line {
    begin { $objects = @() }
    process { $objects += $_ }
    end {
        $style = $PSStyle.OutputRendering
        try {
            $PSStyle.OutputRendering = 'PlainText'
            ($objects | Out-String -Width 80) -split '\r?\n'
        }
        finally {
            $PSStyle.OutputRendering = $style
        }
    }
}

# The words that the Tab key offers at the end of a line.
function Get-Completion {
    param([string] $Line)
    [System.Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null).CompletionMatches
}

# Runs a command in another process of this PowerShell. On a fresh machine that is a .NET tool, and there is no pwsh on PATH.
function Invoke-PowerShell {
    param([string] $Command)
    dotnet (Join-Path $PSHOME 'pwsh.dll') -NoProfile -NonInteractive -Command $Command
}

# A model that is small enough to be trained in a moment, in a vocabulary of its own.
function New-TinyModel {
    param([int] $ContextLength = 32)
    New-GptTokenizer 'the quick brown fox jumps over the lazy dog' -Kind Character |
        New-GptModel -LayerCount 1 -HeadCount 2 -ChannelCount 16 -ContextLength $ContextLength -Name tiny
}

# Text of a given number of tokens for that model.
function New-TinyText {
    param([int] $Length = 400)
    ('the quick brown fox jumps over the lazy dog ' * [Math]::Ceiling($Length / 44)).Substring(0, $Length)
}

# A fingerprint of a model's weights: equal before and after means that nothing has been trained.
function Get-WeightHash {
    param($Model)
    $path = Join-Path $TestDrive "$(New-Guid).weights"
    $null = $Model | Export-GptModel -Path $path -Format llm.c
    (Get-FileHash $path).Hash
}
