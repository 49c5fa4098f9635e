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

    It 'gives tables that cannot be changed, since that would change nothing but what is shown' {
        $recipe = Get-GptRecipe baby
        { $recipe.Parameters.Steps = 1 } | Should -Throw '*read-only*'
        { $recipe.Model['LayerCount'] = 1 } | Should -Throw
        (Get-GptRecipe baby).Parameters.Steps | Should -BeGreaterThan 1
        { (Import-GptModel).EndOfTextTokens[0] = 5 } | Should -Throw
        { (Get-GptOperator matmul).Inputs[0] = $null } | Should -Throw
    }

    It 'offers their names' {
        (Get-Completion 'Get-GptRecipe ll').CompletionText | Should -Contain 'llm.c'
    }
}
