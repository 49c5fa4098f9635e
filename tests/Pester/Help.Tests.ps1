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

    # As where the module is installed: code and jobs find it by its name. Returns what the path was.
    function Use-BuiltModulePath {
        $env:PSModulePath
        $env:PSModulePath = (Resolve-Path $PSScriptRoot/../../output).ProviderPath + [IO.Path]::PathSeparator + $env:PSModulePath
    }
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

    It 'describes what it emits, and each property of it' {
        foreach ($value in $help.returnValues.returnValue) {
            $type = $value.type.name -as [type]
            if ($type.Namespace -notlike 'PsGpt*') { continue }
            $text = @($value.description.Text) -join "`n"
            foreach ($property in $type.GetProperties('Public, Instance') |
                Where-Object { $_.DeclaringType.Namespace -like 'PsGpt*' -and -not $_.GetIndexParameters() }) {
                $text | Should -Match "(?m)^$($property.Name) \([^:]+\): \S" -Because "$type needs a comment at $($property.Name)"
            }
        }
    }

    It 'has a page for the web' {
        $page = Get-Content -Raw (Join-Path $PSScriptRoot "../../output/PsGpt/docs/help/$_.md")
        $page | Should -Match "^# $_\n"
        foreach ($name in $help.parameters.parameter.name) { $page | Should -Match "(?m)^### -$name$" }
        foreach ($link in [regex]::Matches($page, '\]\(([^)]+\.md)\)')) {
            Join-Path $PSScriptRoot "../../output/PsGpt/docs/help/$($link.Groups[1].Value)" | Should -Exist
        }
    }

    It 'shows examples' {
        @($help.examples.example).Count | Should -BeGreaterOrEqual 2 -Because "docs/help/$_.md needs two examples: $gap"
        $text = ($help | Out-String).ReplaceLineEndings("`n")
        $text | Should -Match '\n\s*\n *-+ Example 2: ' -Because 'examples are apart from each other'
    }
}

Describe 'An example of <Cmdlet>: <Title>' -ForEach $examples {
    BeforeAll {
        $modulePath = Use-BuiltModulePath
    }

    AfterAll { $env:PSModulePath = $modulePath }

    It 'runs' -Skip:([bool] $NotRun) {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive (New-Guid))
        Push-Location $folder
        try {
            $ErrorActionPreference = 'Stop'
            $WarningPreference = 'SilentlyContinue'
            { & ([scriptblock]::Create($Code)) 6>$null | Out-String } | Should -Not -Throw -Because $Code
        }
        finally {
            Pop-Location
        }
    }
}

Describe 'The topic <_>' -ForEach 'about_PsGpt', 'about_PsGptTraining', 'about_PsGptRecipes', 'about_PsGptTour' {
    BeforeAll {
        $lines = Get-Content $PSScriptRoot/../../output/PsGpt/en-US/$_.help.txt
        $text = $lines -join "`n"
        $modulePath = Use-BuiltModulePath
    }

    AfterAll { $env:PSModulePath = $modulePath }

    It 'is found' {
        Get-Help $_ | Should -Match "TOPIC\s+$_"
    }

    It 'fits 80 columns' {
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
    }

    It 'names cmdlets and topics that exist' {
        $names = [regex]::Matches($text, '\b[A-Z][a-z]+(?:From|To)?-Gpt\w+').Value | Sort-Object -Unique
        $names | Should -Not -BeNullOrEmpty
        $names | Where-Object { -not (Get-Command $_ -Module PsGpt -ErrorAction Ignore) } | Should -BeNullOrEmpty
        [regex]::Matches($text, '\babout_PsGpt\w*').Value | Sort-Object -Unique | ForEach-Object {
            "$PSScriptRoot/../../output/PsGpt/en-US/$_.help.txt" | Should -Exist
        }
    }

    It 'names parameters that exist' {
        $all = Get-Command -Module PsGpt | ForEach-Object { $_.Parameters.Values } | ForEach-Object { $_.Name; $_.Aliases }
        # Words of its prose and code; those of other commands are not ours.
        $named = [regex]::Matches($text, '(?<=[\s(])-([A-Z]\w+)').ForEach({ $_.Groups[1].Value }) | Sort-Object -Unique
        $named |
            Where-Object { $_ -notin $all -and $_ -notin 'Module', 'Full', 'Examples', 'First', 'Last', 'Property', 'TotalCount',
                'UseBrowser' } | Should -BeNullOrEmpty
    }

    It 'has code that runs' {
        # Code stands six columns in, as at a prompt; a line that ends in a bar or in an opening bracket continues.
        $code = ($lines | Where-Object { $_ -match '^ {6}PS> |^ {6}>> ' }) -replace '^ {6}(PS>|>>) ' -join "`n"
        $code | Should -Not -BeNullOrEmpty
        Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive (New-Guid)))
        try {
            $ErrorActionPreference = 'Stop'
            { & ([scriptblock]::Create($code)) 3>$null 6>$null | Out-String } | Should -Not -Throw -Because $code
        }
        finally { Pop-Location }
    }
}
