# The packages that build.ps1 makes: the module goes into a folder that is a repository, and is installed and run from there.
BeforeAll {
    . $PSScriptRoot/common.ps1
    $packages = Join-Path $TestDrive 'packages'
    & $PSScriptRoot/../../build.ps1 -Task Package -NoBuild -PackageFolder $packages 6>$null | Out-Null

    function Get-Entry {
        param([string] $Name)
        $archive = [System.IO.Compression.ZipFile]::OpenRead((Get-ChildItem (Join-Path $packages $Name)).FullName)
        try { $archive.Entries.FullName } finally { $archive.Dispose() }
    }
}

Describe 'The package of the module' {
    It 'is called after the version of the manifest' {
        $manifest = Import-PowerShellDataFile $PSScriptRoot/../../module/PsGpt.psd1
        $version = "$($manifest.ModuleVersion)-$($manifest.PrivateData.PSData.Prerelease)"
        Join-Path $packages "PsGpt.$version.nupkg" | Should -Exist
    }

    It 'holds <_>' -ForEach @(
        'PsGpt.psd1', 'PsGpt.Cmdlets.dll', 'PsGpt.Engine.dll', 'PsGpt.Format.ps1xml', 'LICENSE', 'THIRD-PARTY-NOTICES.txt', 'README.md',
        'CHANGELOG.md', 'en-US/PsGpt.Cmdlets.dll-Help.xml', 'en-US/about_PsGpt.help.txt', 'docs/help/Start-GptTraining.md',
        'docs/tour.md'
    ) {
        Get-Entry PsGpt.[0-9]*.nupkg | Should -Contain $_
    }

    It 'is published to a folder, installed from it and run' {
        $repository = New-Item -ItemType Directory (Join-Path $TestDrive 'repository')
        $package = (Get-ChildItem $packages/PsGpt.[0-9]*.nupkg).FullName
        $script = Join-Path $TestDrive 'install.ps1'
        Set-Content $script @"
            `$ErrorActionPreference = 'Stop'
            Register-PSResourceRepository -Name Folder -Uri '$repository' -Trusted
            Publish-PSResource -NupkgPath '$package' -Repository Folder
            Install-PSResource PsGpt -Prerelease -Repository Folder -Scope CurrentUser
            Import-Module PsGpt
            'installed in ' + (Get-Module PsGpt).ModuleBase
            'wrote ' + (Invoke-GptCompletion 'Once' -MaxTokens 3 -Seed 1).Tokens.Count
            (Get-Help about_PsGpt) -match 'whole life' | ForEach-Object { 'explained' }
            Uninstall-PSResource PsGpt -Scope CurrentUser -Prerelease
            Unregister-PSResourceRepository Folder
"@
        # A home of its own, so that the modules of this machine stay as they are.
        $saved = $env:HOME, $env:XDG_DATA_HOME, $env:PSModulePath
        try {
            $env:HOME = New-Item -ItemType Directory (Join-Path $TestDrive 'home')
            # A folder that does not exist would be taken as none at all, and NuGet's settings written where the tests stand.
            $env:XDG_DATA_HOME = New-Item -ItemType Directory (Join-Path $TestDrive 'home/.local/share')
            $null = New-Item -ItemType Directory (Join-Path $TestDrive 'home/.config')
            $env:PSModulePath = $null
            $lines = Invoke-PowerShell "& '$script'" 2>&1 | ForEach-Object { "$_" }
        }
        finally { $env:HOME, $env:XDG_DATA_HOME, $env:PSModulePath = $saved }
        $lines | Should -Contain 'wrote 3' -Because ($lines -join "`n")
        $lines -match '^installed in ' | Should -Not -Match ([regex]::Escape((Resolve-Path $PSScriptRoot/../../output).Path))
        $lines | Should -Contain 'explained'
    }
}

Describe 'The package of the engine' {
    It 'holds <_>' -ForEach 'lib/net10.0/PsGpt.Engine.dll', 'lib/net10.0/PsGpt.Engine.xml', 'README.md', 'THIRD-PARTY-NOTICES.txt' {
        Get-Entry PsGpt.Engine.*.nupkg | Should -Contain $_
    }
}
