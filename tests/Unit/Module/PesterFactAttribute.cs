namespace PsGpt.Unit.Module;

/// <summary>A test that needs pwsh and Pester; reported as skipped, with what is missing, where they are not.</summary>
internal sealed class PesterFactAttribute : FactAttribute
{
    private static readonly Version LeastPowerShell = new(7, 6);
    private static readonly Version LeastPester = new(5, 0);

    public PesterFactAttribute()
    {
        Skip = WhatIsMissing();

        // The name is what the runner prints of a skipped test.
        DisplayName = Skip;
    }

    private static string? WhatIsMissing() => PowerShellHome.Installed switch
    {
        null => "THE CMDLETS WERE NOT TESTED: there is no pwsh on this machine. Install PowerShell 7.6 and Pester 5.",
        { Version: var version } when version < LeastPowerShell => $"THE CMDLETS WERE NOT TESTED: pwsh is {version}. Install PowerShell 7.6.",
        { PesterVersion: var version } when version is null || version < LeastPester =>
            $"THE CMDLETS WERE NOT TESTED: Pester is {version?.ToString() ?? "missing"}. Run Install-PSResource Pester.",
        _ => null,
    };
}
