# Every block of the tour runs in one session, and its output is compared with the one that stands under it.
BeforeDiscovery {
    . $PSScriptRoot/../../tools/Tour/Tour.ps1
    $tour = (Get-Content $PSScriptRoot/../../docs/tour.md -Raw).ReplaceLineEndings("`n")
    $blocks = [regex]::Matches($tour, $tourPattern).ForEach({
            $code = $_.Groups['code'].Value
            @{
                Title    = [regex]::Matches($tour.Substring(0, $_.Index), '(?m)^### .+$').Value | Select-Object -Last 1
                Code     = $code
                Expected = $_.Groups['output'].Value.TrimEnd("`n")
                Within   = $_.Groups['mark'].Value -replace '^ within '
            }
        })
}

BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/../../tools/Tour/Tour.ps1
    $folder = New-Item -ItemType Directory (Join-Path $TestDrive tour)
    $session = New-TourSession (Get-Module PsGpt).ModuleBase $folder
    $number = '-?\d+(\.\d+)?(E[+-]?\d+)?'

    # The text without its numbers. Shades follow the numbers, and the last digit may turn one into its neighbour.
    function Get-Words {
        param([string] $Text)
        $Text -replace $number, '#' -replace '[░▒▓█]', ' ' -replace ' +', ' '
    }

    # Half a unit and one of the last digit that is shown: 0.05 of 1.2.
    function Get-Tolerance {
        param([string] $Number, [string] $Within)
        if ($Within) { return [double] $Within }
        $null = $Number -match '^-?\d+(\.(?<digits>\d+))?(E(?<power>[+-]?\d+))?'
        1.5 * [Math]::Pow(10, [int] $Matches['power'] - "$($Matches['digits'])".Length)
    }
}

AfterAll { $session.Dispose() }

Describe 'The tour' {
    It 'has the output of "<Title>"' -ForEach $blocks {
        $actual = Invoke-TourBlock $session $Code
        Get-Words $actual | Should -Be (Get-Words $Expected)
        $ours = [regex]::Matches("$actual", $number).Value
        $theirs = [regex]::Matches($Expected, $number).Value
        for ($i = 0; $i -lt $theirs.Count; $i++) {
            $difference = [Math]::Abs([double] $ours[$i] - [double] $theirs[$i])
            $difference | Should -BeLessOrEqual (Get-Tolerance $theirs[$i] $Within) -Because "$($ours[$i]) stands for $($theirs[$i])"
        }
    }

    It 'ends with attention that looks seven places back' {
        $session.Commands.Clear()
        $att = $session.AddScript('Get-GptActivation badcfehgbadcfehg h.0.att -Model $own').Invoke()[0]
        foreach ($place in 8..14) { $att[0, $place, ($place - 7)] | Should -BeGreaterThan 0.5 }
    }

    It 'has some thirty steps, each with code, and is shipped with the module' {
        $tour = Get-Content $PSScriptRoot/../../docs/tour.md -Raw
        $steps = [regex]::Matches($tour, '(?m)^### (\d+)\. ').ForEach({ [int] $_.Groups[1].Value })
        $steps | Should -Be (1..$steps.Count)
        $steps.Count | Should -BeIn (30..40)
        Join-Path (Get-Module PsGpt).ModuleBase docs/tour.md | Should -Exist
    }
}
