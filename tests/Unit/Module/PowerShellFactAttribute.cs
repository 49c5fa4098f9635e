namespace PsGpt.Unit.Module;

/// <summary>A test that runs cmdlets in this process; reported as skipped where there is no PowerShell to run them.</summary>
internal sealed class PowerShellFactAttribute : FactAttribute
{
    public PowerShellFactAttribute()
    {
        if (!PowerShellHome.CanHost)
            Skip = "There is no pwsh on this machine. Install PowerShell 7.6, or build with -p:PowerShellSdk=true.";
    }
}
