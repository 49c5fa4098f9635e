BeforeAll {
    . $PSScriptRoot/common.ps1
    Push-Location $TestDrive
    Set-Content -LiteralPath '[' 'A file whose name makes no pattern.'
}

AfterAll { Pop-Location }

# What every cmdlet that takes a path has in common.
Describe 'Paths that cannot be' {
    It '<Name> says <Id> for a path <Case>' -TestCases @(
        foreach ($name in 'Import-GptModel', 'ConvertTo-GptTokens', 'New-GptTokenizer', 'New-GptDataset', 'Start-GptTraining') {
            @{ Name = $name; Case = 'with a null character'; Text = "a`0b"; Id = 'PathInvalid'; Category = 'InvalidArgument' }
            @{ Name = $name; Case = 'with an open bracket'; Text = '['; Id = 'PathInvalid'; Category = 'InvalidArgument' }
            @{ Name = $name; Case = 'of another provider'; Text = 'Env:PATH'; Id = 'PathNotFileSystem'; Category = 'InvalidArgument' }
            @{ Name = $name; Case = 'on a drive that is not there'; Text = 'nowhere:x'; Id = 'DriveNotFound'; Category = 'ObjectNotFound' }
        }
    ) {
        $more = $Name -eq 'Start-GptTraining' ? @{ Model = New-TinyModel } : @{}
        $records = @(Get-ErrorOf { & $Name -Path $Text @more })
        $records[0].FullyQualifiedErrorId | Should -BeLike "$Id,PsGpt.Commands.*"
        $records[0].CategoryInfo.Category | Should -Be $Category
    }

    It 'Export-GptModel says PathInvalid for a path with a null character' {
        $record = Get-ErrorOf { New-TinyModel | Export-GptModel -Path "a`0b" }
        $record.FullyQualifiedErrorId | Should -Be 'PathInvalid,PsGpt.Commands.ExportGptModelCommand'
    }
}
