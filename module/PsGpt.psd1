@{
    RootModule             = 'PsGpt.Cmdlets.dll'
    ModuleVersion          = '0.1.0'
    GUID                   = 'b3a1c0f6-6a54-4c0e-9f0e-5d3a52a7c1d4'
    Author                 = 'PsGpt contributors'
    CompanyName            = 'PsGpt'
    Copyright              = '(c) PsGpt contributors. MIT License.'
    Description            = 'The whole life of a GPT in the pipeline: tokenize, load, batch, train and sample GPT-2-class models on the CPU, offline, with no native library and no Python.'
    PowerShellVersion      = '7.6'
    CompatiblePSEditions   = @('Core')
    FormatsToProcess       = @('PsGpt.Format.ps1xml')
    TypesToProcess         = @('PsGpt.Types.ps1xml')
    CmdletsToExport        = @(
        'ConvertFrom-GptTokens'
        'ConvertTo-GptTokens'
        'Export-GptChart'
        'Export-GptModel'
        'Export-GptTokenizer'
        'Export-GptTokens'
        'Get-GptActivation'
        'Get-GptCachedModel'
        'Get-GptOperator'
        'Get-GptPrediction'
        'Get-GptPlugin'
        'Get-GptRecipe'
        'Get-GptSampleText'
        'Get-GptTensor'
        'Import-GptModel'
        'Import-GptTokenizer'
        'Import-GptTokens'
        'Invoke-GptBackward'
        'Invoke-GptCompletion'
        'Invoke-GptForward'
        'Invoke-GptOperator'
        'Invoke-GptTrainingStep'
        'Measure-GptChoice'
        'Measure-GptModel'
        'Measure-GptText'
        'New-GptBatch'
        'New-GptDataset'
        'New-GptModel'
        'New-GptTensor'
        'New-GptTokenizer'
        'Register-GptPlugin'
        'Remove-GptCachedModel'
        'Resize-GptModel'
        'Set-GptTensor'
        'Show-GptAttention'
        'Show-GptLoss'
        'Show-GptTensor'
        'Start-GptTraining'
        'Test-GptModel'
        'Unregister-GptPlugin'
        'Update-GptModel'
    )
    FunctionsToExport      = @()
    VariablesToExport      = @()
    AliasesToExport        = @(
        'ConvertFrom-GptToken'
        'ConvertTo-GptToken'
    )
    PrivateData            = @{
        PSData = @{
            Prerelease   = 'preview1'
            ReleaseNotes = 'The first version: text to tokens to batches to a trained model to text. CHANGELOG.md in the package has the list.'
            # The build puts ProjectUri and LicenseUri here where it is given the public address of the project.
            Tags         = @('GPT', 'GPT-2', 'LLM', 'AI', 'MachineLearning', 'Tokenizer', 'Training', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
        }
    }
}
