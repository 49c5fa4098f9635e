BeforeAll { . $PSScriptRoot/common.ps1 }

Describe 'Unregister-GptPlugin' {
    BeforeEach { Register-GptPlugin -Kind Schedule -Name half -ScriptBlock { 0.5 } }
    AfterEach { Get-GptPlugin h* -Kind Schedule | Unregister-GptPlugin }

    It 'frees a name' {
        Unregister-GptPlugin half Schedule
        Get-GptPlugin hal* | Should -BeNullOrEmpty
    }

    It 'takes plug-ins of the pipeline, and several names' {
        Register-GptPlugin -Kind Schedule -Name hold -ScriptBlock { 1 }
        Get-GptPlugin ho* -Kind Schedule | Unregister-GptPlugin
        Get-GptPlugin h* -Kind Schedule | Select-Object -ExpandProperty Name | Should -Be 'half'
    }

    It 'does nothing with -WhatIf' {
        Unregister-GptPlugin half Schedule -WhatIf
        (Get-GptPlugin half).Name | Should -Be 'half'
    }

    It 'refuses a built-in plug-in and one that is not there' {
        (Get-ErrorOf { Unregister-GptPlugin cosine Schedule }).FullyQualifiedErrorId | Should -BeLike 'PluginBuiltIn,*'
        (Get-ErrorOf { Unregister-GptPlugin none Schedule }).FullyQualifiedErrorId | Should -BeLike 'PluginNotFound,*'
    }

    It 'completes the names that can be removed' {
        (Get-Completion 'Unregister-GptPlugin ha').ListItemText | Should -Be 'half'
        Get-Completion 'Unregister-GptPlugin cosi' | Where-Object ListItemText -EQ 'cosine' | Should -BeNullOrEmpty
    }
}
