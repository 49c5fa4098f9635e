@{
    IncludeDefaultRules = $true
    Severity            = @('Error', 'Warning')
    ExcludeRules        = @(
        # Pester sets variables in BeforeAll that other blocks read; the rule does not see across blocks.
        'PSUseDeclaredVarsMoreThanAssignments'
        # The functions of build.ps1 and of the tests are not cmdlets for users.
        'PSUseShouldProcessForStateChangingFunctions'
        'PSUseSingularNouns'
        'PSUseApprovedVerbs'
    )
    Rules               = @{
        PSPlaceOpenBrace           = @{ Enable = $true; OnSameLine = $true; NewLineAfter = $false }
        PSUseConsistentIndentation = @{ Enable = $true; IndentationSize = 4; Kind = 'space' }
    }
}
