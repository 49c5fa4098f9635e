BeforeAll {
    . $PSScriptRoot/common.ps1
}

Describe 'Get-GptRecipe' {
    It 'lists the recipes of the module' {
        (Get-GptRecipe).Name | Should -Be @(
            'baby', 'gpt.py', 'gpt2-finetune', 'llm.c', 'log-lines', 'nanogpt-cpu', 'shakespeare', 'shakespeare-char')
    }

    It 'takes wildcards and gives the parameters that a recipe sets' {
        (Get-GptRecipe b*).Parameters['Optimizer'] | Should -Be 'muon'
    }

    It 'shows what they set in 80 columns' {
        $lines = Get-GptRecipe | Get-Line
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        $lines -match 'Optimizer muon' | Should -Not -BeNullOrEmpty
    }

    It 'offers their names' {
        (Get-Completion 'Get-GptRecipe ll').CompletionText | Should -Contain 'llm.c'
    }
}
