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
        $svg.svg.g.class | Should -Be 'wide', 'narrow'
        $svg.svg.g[0].polyline.class | Should -Be 'line training c0', 'line validation c1'
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

    It 'reports a wrong path before the run' {
        $script:taken = 0
        { $steps | ForEach-Object { $script:taken++; $_ } | Export-GptChart loss.png -ErrorAction Stop } |
            Should -Throw -ErrorId 'ChartFormatUnknown,*'
        $taken | Should -Be 0
    }

    It 'keeps several runs apart, as <Way>' -TestCases @(
        @{ Way = 'lists'; Script = { $steps, $steps } }
        @{ Way = 'one list'; Script = { $steps + $steps } }
        @{ Way = 'mixed steps with names'; Script = {
                foreach ($step in $steps) {
                    foreach ($run in 'a', 'b') { $step | Select-Object *, @{ n = 'Run'; e = { $run }.GetNewClosure() } }
                }
            }
        }
    ) {
        & $Script | Export-GptChart runs.svg -Force -RunName adamw, muon
        $wide = ([xml](Get-Content runs.svg -Raw)).svg.g[0]
        $wide.polyline.class | Should -Be 'line training c0', 'line training c1', 'line validation c0', 'line validation c1'
        $wide.text.'#text' | Should -Contain 'muon'
        $wide.rect.title | Should -Contain 'step 3: adamw 2, muon 2, adamw validation 2, muon validation 2'
    }

    It 'smooths with -Smoothing, and not with 0' {
        $steps | Export-GptChart smooth.svg -Smoothing 0.5
        $lines = ([xml](Get-Content smooth.svg -Raw)).svg.g[0].polyline.class
        $lines | Should -Be 'line eachstep c0', 'line smoothed c0', 'line validation c1'
    }

    It 'writes attention as a page in which layers and heads can be chosen' {
        $model = New-TinyModel
        Get-GptActivation -Model $model -Text 'the fox' -Name *.att | Export-GptChart attention.html -Title 'How it looks'
        $page = Get-Content attention.html -Raw
        $page | Should -Match '<h1>How it looks</h1>'
        $data = [regex]::Match($page, '(?s)id="data">(.*?)</script>').Groups[1].Value | ConvertFrom-Json
        $data.choice | Should -Be 'Layer'
        $data.tensors.columnLabels -join '' | Should -Be 'the·fox'
        $data.tensors.maps.place | Should -Be '0', '1'
        $att = Get-GptActivation -Model $model -Text 'the fox' -Name h.0.att
        [Math]::Abs($data.tensors.maps[1].values[7 * 6 + 5] - $att[1, 6, 5]) | Should -BeLessThan 1e-4
    }

    It 'writes tensors as a picture with the value of each cell' {
        New-GptTensor ((1, 2), (3, -4)) | Export-GptChart own.svg
        $cells = ([xml](Get-Content own.svg -Raw)).svg.rect | Where-Object class -EQ cell
        $cells.title | Should -Be 'row 0, column 0: 1', 'row 0, column 1: 2', 'row 1, column 0: 3', 'row 1, column 1: -4'
    }

    It 'says <Id> (<Category>)' -TestCases @(
        @{ Id = 'TargetExists'; Category = 'ResourceExists'; Script = { Set-Content there.svg 'x'; $steps | Export-GptChart there.svg } }
        @{ Id = 'ChartFormatUnknown'; Category = 'NotImplemented'; Script = { $steps | Export-GptChart loss.png } }
        @{ Id = 'ChartEmpty'; Category = 'InvalidData'; Script = { @() | Export-GptChart empty.svg } }
        @{ Id = 'NotATrainingStep'; Category = 'InvalidArgument'; Script = { 'x' | Export-GptChart none.svg } }
        @{ Id = 'WriteFailed'; Category = 'WriteError'; Script = { Set-Content file 'x'; $steps | Export-GptChart file/loss.svg } }
        @{ Id = 'ChartMixed'; Category = 'InvalidArgument'; Script = {
                $steps[0], (New-GptTensor 1), $steps[1] | Export-GptChart mixed.svg
            }
        }
        @{ Id = 'OptionNotUsed'; Category = 'InvalidArgument'; Script = { New-GptTensor 1 | Export-GptChart map.svg -LogScale } }
        @{ Id = 'ParameterArgumentTransformationError'; Category = 'InvalidData'; Script = {
                $steps | Export-GptChart smooth.svg -Smoothing 1
            }
        }
        @{ Id = 'RunNamesInvalid'; Category = 'InvalidArgument'; Script = { $steps | Export-GptChart named.svg -RunName a, b } }
        @{ Id = 'ChartTooLarge'; Category = 'LimitsExceeded'; Script = { New-GptTensor 1 -Shape 65, 1, 1 | Export-GptChart large.svg } }
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
