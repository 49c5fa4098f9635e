# The README is a session: its commands are pasted one after the other, each in the state that the ones before have left.
BeforeDiscovery {
    $readme = Get-Content $PSScriptRoot/../../README.md -Raw
    $needsNetwork = 'Install-PSResource', 'Import-GptModel gpt2'
    $commands = [regex]::Matches($readme.ReplaceLineEndings("`n"),
        '(?m)^```powershell\n([\s\S]*?)^```$').ForEach({ $_.Groups[1].Value.Trim() }) |
        Where-Object { $text = $_; $text -notmatch '^Import-Module' -and -not ($needsNetwork | Where-Object { $text.StartsWith($_) }) }
    $links = [regex]::Matches($readme, '\]\((?!https?:)([^)#]+)').ForEach({ $_.Groups[1].Value }) | Sort-Object -Unique
}

BeforeAll {
    . $PSScriptRoot/common.ps1
    $session = [powershell]::Create()
    $folder = New-Item -ItemType Directory (Join-Path $TestDrive readme)
    $null = $session.AddScript("Set-Location '$folder'; Import-Module '$((Get-Module PsGpt).ModuleBase)'").Invoke()
}

AfterAll { $session.Dispose() }

Describe 'The README' {
    It 'runs <_>' -ForEach $commands {
        $session.Commands.Clear()
        $session.Streams.ClearStreams()
        $null = $session.AddScript("`$ErrorActionPreference = 'Stop'; `$WarningPreference = 'Ignore'`n$_").Invoke()
        $session.Streams.Error | Should -BeNullOrEmpty
        $session.HadErrors | Should -BeFalse
    }

    It 'links to <_>, which exists' -ForEach $links {
        Join-Path $PSScriptRoot "../../$_" | Should -Exist
    }

    It 'is short' {
        (Get-Content $PSScriptRoot/../../README.md).Count | Should -BeLessOrEqual 200
    }
}
