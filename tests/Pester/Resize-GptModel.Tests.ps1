BeforeAll {
    . $PSScriptRoot/common.ps1
    $errorClass = 'PsGpt.Commands.ResizeGptModelCommand'
}

Describe 'Resize-GptModel' {
    It 'shortens the context of a copy, which goes on in the pipeline' {
        $model = New-TinyModel
        $short = $model | Resize-GptModel -ContextLength 8
        $short.Configuration.ContextLength, $model.Configuration.ContextLength | Should -Be 8, 32
        $short.Tokenizer, $short.Name | Should -Be $model.Tokenizer, 'tiny'
        "$($short | Invoke-GptCompletion the -MaxTokens 4 -Temperature 0)" |
            Should -Be "$($model | Invoke-GptCompletion the -MaxTokens 4 -Temperature 0)"
    }

    It 'refuses a longer one, and serves the next model' {
        $models = (New-TinyModel -ContextLength 8), (New-TinyModel)
        $problem = Get-ErrorOf { $script:made = $models | Resize-GptModel 16 }
        $problem.FullyQualifiedErrorId | Should -Be "ContextLengthInvalid,$errorClass"
        $problem.CategoryInfo.Category | Should -Be 'InvalidArgument'
        $made | Should -HaveCount 1
    }
}
