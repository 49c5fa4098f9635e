# Runs every block of docs/tour.md in one session and writes its output under it, so that nobody types an output.
param([string] $Module = "$PSScriptRoot/../../output/PsGpt", [string] $Path = "$PSScriptRoot/../../docs/tour.md")
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/Tour.ps1
$folder = New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "tour-$(New-Guid)")
$session = New-TourSession (Resolve-Path $Module) $folder
try {
    $text = [regex]::Replace((Get-Content $Path -Raw).ReplaceLineEndings("`n"), $tourPattern, {
            param($match)
            $code = $match.Groups['code'].Value
            $output = Invoke-TourBlock $session $code
            "``````powershell`n$code```````n" + ($output ? "`n``````text$($match.Groups['mark'].Value)`n$output`n```````n" : '')
        })
    Set-Content -LiteralPath $Path $text -NoNewline
}
finally {
    $session.Dispose()
    Remove-Item $folder -Recurse
}
