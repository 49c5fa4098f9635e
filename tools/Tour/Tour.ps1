# The blocks of docs/tour.md: code, and the output that stands under it. Update-Tour.ps1 and the test of the tour use them.

# A block of code with its output, if any. Both patterns take the place of the blocks in the text.
$tourPattern = '(?m)^```powershell\n(?<code>[\s\S]*?)^```\n(?:\n```text(?<mark>[^\n]*)\n(?<output>[\s\S]*?)^```\n)?'

# Opens the session of a reader: one runspace, an empty folder, no colours.
function New-TourSession {
    param([string] $Module, [string] $Folder)
    $session = [powershell]::Create()
    $null = $session.AddScript(
        "Set-Location '$Folder'; Import-Module '$Module'; `$PSStyle.OutputRendering = 'PlainText'; " +
        "`$ProgressPreference = 'SilentlyContinue'; `$ErrorActionPreference = 'Stop'; [cultureinfo]::CurrentCulture = 'en-US'").Invoke()
    $session
}

# Runs a block and gives the lines that a terminal of 80 columns shows, without blank ones around them.
function Invoke-TourBlock {
    param([powershell] $Session, [string] $Code)
    if ($Code.StartsWith('Import-Module PsGpt')) { return }
    $Session.Commands.Clear()
    $null = $Session.AddScript(". { $Code } | Out-String -Width 80")
    $text = -join $Session.Invoke()
    if ($Session.HadErrors) { throw "$($Session.Streams.Error[0]) in`n$Code" }
    $lines = $text.ReplaceLineEndings("`n").Split("`n").ForEach({ $_.TrimEnd() })
    ($lines -join "`n").Trim("`n")
}
