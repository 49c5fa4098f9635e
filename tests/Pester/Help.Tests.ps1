BeforeDiscovery {
    . $PSScriptRoot/common.ps1
    $cmdlets = (Get-Command -Module PsGpt -CommandType Cmdlet).Name

    # A title, a fence that may say why it is not run, and the code in it.
    $pattern = '(?m)^## (?<title>.+)\n+```powershell(?<mark>.*)\n(?<code>[\s\S]*?)^```$'
    $examples = foreach ($file in Get-ChildItem $PSScriptRoot/../../docs/help/*-*.md) {
        foreach ($match in [regex]::Matches((Get-Content $file -Raw).ReplaceLineEndings("`n"), $pattern)) {
            @{
                Cmdlet = $file.BaseName
                Title  = $match.Groups['title'].Value
                Code   = $match.Groups['code'].Value
                NotRun = $match.Groups['mark'].Value -replace '^ not-run: '
            }
        }
    }
}

BeforeAll {
    . $PSScriptRoot/common.ps1
}

Describe 'Get-Help <_>' -ForEach $cmdlets {
    BeforeAll {
        $help = Get-Help $_ -Full
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters
        $gap = 'docs/help/README.md says how help is written'
    }

    It 'has a synopsis and a description' {
        $help.Synopsis | Should -Match '\.$' -Because $gap
        $help.description.Text | Should -Not -BeNullOrEmpty -Because $gap
    }

    It 'describes every parameter' {
        $names = (Get-Command $_).Parameters.Keys | Where-Object { $_ -notin $common }
        $described = $help.parameters.parameter | Where-Object { $_.description.Text }
        $described.name | Sort-Object | Should -Be ($names | Sort-Object) -Because $gap
    }

    It 'shows the same ways to call it as PowerShell does' {
        $sets = (Get-Command $_).ParameterSets
        @($help.syntax.syntaxItem) | Should -HaveCount $sets.Count
        $shown = foreach ($item in $help.syntax.syntaxItem) { ($item.parameter.name | Sort-Object) -join ' ' }
        $meant = foreach ($set in $sets) { ($set.Parameters.Name | Where-Object { $_ -notin $common } | Sort-Object) -join ' ' }
        $shown | Sort-Object | Should -Be ($meant | Sort-Object)
    }

    It 'shows examples' {
        @($help.examples.example).Count | Should -BeGreaterOrEqual 2 -Because "docs/help/$_.md needs two examples: $gap"
        $text = ($help | Out-String).ReplaceLineEndings("`n")
        $text | Should -Match '\n\s*\n *-+ Example 2: ' -Because 'examples are apart from each other'
    }
}

Describe 'An example of <Cmdlet>: <Title>' -ForEach $examples {
    BeforeAll {
        # As where the module is installed: a job finds it by itself.
        $modulePath = $env:PSModulePath
        $env:PSModulePath = (Resolve-Path $PSScriptRoot/../../output).ProviderPath + [IO.Path]::PathSeparator + $modulePath
    }

    AfterAll { $env:PSModulePath = $modulePath }

    It 'runs' -Skip:([bool] $NotRun) {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive (New-Guid))
        Push-Location $folder
        try {
            Get-GptSampleText -Count 60 | Set-Content story.txt
            $ErrorActionPreference = 'Stop'
            $WarningPreference = 'SilentlyContinue'
            { & ([scriptblock]::Create($Code)) 6>$null | Out-String } | Should -Not -Throw -Because $Code
        }
        finally {
            Pop-Location
        }
    }
}

Describe 'about_PsGpt' {
    It 'is found' {
        Get-Help about_PsGpt | Should -Match 'whole life of a GPT'
    }

    It 'fits 80 columns' {
        $lines = Get-Content $PSScriptRoot/../../output/PsGpt/en-US/about_PsGpt.help.txt
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
    }
}
