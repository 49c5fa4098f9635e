BeforeAll {
    . $PSScriptRoot/common.ps1
    $errorClass = 'PsGpt.Commands.ExportGptChartCommand'
    $steps = 1..6 | ForEach-Object { [pscustomobject]@{ Step = $_; Loss = 3.5 - $_ / 2; ValidationLoss = $_ % 3 ? $null : 2 } }
}

Describe 'Export-GptChart' {
    BeforeAll { Push-Location $TestDrive }

    AfterAll { Pop-Location }

    It 'writes SVG that is well-formed' {
        ($steps | Export-GptChart loss.svg -Title 'a < b & c').Name | Should -Be 'loss.svg'
        $svg = [xml](Get-Content loss.svg -Raw)
        $svg.svg.title | Should -Be 'a < b & c'
        $svg.svg.polyline.class | Should -Be 'training', 'validation'
    }

    It 'writes a page' {
        $steps | Export-GptChart loss.html
        Get-Content loss.html -Raw | Should -Match '^<!DOCTYPE html>[\s\S]*step 3: loss 2, validation 2[\s\S]*</html>\s*$'
    }

    It 'draws steps that are read from a file' {
        $steps | Export-Csv steps.csv
        Import-Csv steps.csv | Export-GptChart csv.svg
        $steps | Export-GptChart objects.svg
        Get-Content csv.svg -Raw | Should -Be (Get-Content objects.svg -Raw)
    }

    It 'draws another picture with -LogScale' {
        $steps | Export-GptChart linear.svg
        $steps | Export-GptChart log.svg -LogScale
        Get-Content log.svg -Raw | Should -Not -Be (Get-Content linear.svg -Raw)
    }

    It 'emits the file' {
        $file = $steps | Export-GptChart passed.svg
        $file | Should -BeOfType System.IO.FileInfo
        $file.FullName | Should -Be (Get-Item passed.svg).FullName
        $file.Length | Should -BeGreaterThan 1000
    }

    It 'writes nothing with -WhatIf' {
        $steps | Export-GptChart nothing.svg -WhatIf -PassThru | Should -BeNullOrEmpty
        'nothing.svg' | Should -Not -Exist
    }

    It 'replaces what is there with -Force' {
        Set-Content replaced.svg 'old'
        $steps | Export-GptChart replaced.svg -Force
        Get-Content replaced.svg -Raw | Should -Match '^<svg'
    }

    It 'takes brackets for themselves' {
        $steps | Export-GptChart -LiteralPath 'l[1].svg'
        Test-Path -LiteralPath 'l[1].svg' | Should -BeTrue
    }

    It 'tells a wrong path before the run' {
        $script:taken = 0
        { $steps | ForEach-Object { $script:taken++; $_ } | Export-GptChart loss.png -ErrorAction Stop } | Should -Throw -ErrorId 'ChartFormatUnknown,*'
        $taken | Should -Be 0
    }

    It 'says <Id> (<Category>)' -TestCases @(
        @{ Id = 'TargetExists'; Category = 'ResourceExists'; Script = { Set-Content there.svg 'x'; $steps | Export-GptChart there.svg } }
        @{ Id = 'ChartFormatUnknown'; Category = 'NotImplemented'; Script = { $steps | Export-GptChart loss.png } }
        @{ Id = 'ChartEmpty'; Category = 'InvalidData'; Script = { @() | Export-GptChart empty.svg } }
        @{ Id = 'NotATrainingStep'; Category = 'InvalidArgument'; Script = { 'x' | Export-GptChart none.svg } }
        @{ Id = 'WriteFailed'; Category = 'WriteError'; Script = { Set-Content file 'x'; $steps | Export-GptChart file/loss.svg } }
        @{ Id = 'PathNotFileSystem'; Category = 'InvalidArgument'; Script = { $steps | Export-GptChart env:x.svg } }
    ) {
        $records = @(Get-ErrorOf $Script)
        $records | Should -HaveCount 1
        $records[0].FullyQualifiedErrorId | Should -Be "$Id,$errorClass"
        $records[0].CategoryInfo.Category | Should -Be $Category
    }

    It 'leaves nothing half-written' {
        Get-ChildItem -Filter *.partial* | Should -BeNullOrEmpty
    }
}
