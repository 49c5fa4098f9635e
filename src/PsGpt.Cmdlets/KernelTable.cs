using System.Management.Automation;
using PsGpt.Kernels;

namespace PsGpt.Commands;

/// <summary>Where the time of training went, for those who ask for it with <c>-Verbose</c>.</summary>
internal sealed class KernelTable(PSCmdlet cmdlet)
{
    /// <summary>Whether verbose messages are shown, by the switch or by the preference: else nothing is timed.</summary>
    public bool IsWanted =>
        cmdlet.MyInvocation.BoundParameters.TryGetValue("Verbose", out var verbose)
            ? ((SwitchParameter)verbose).IsPresent
            : cmdlet.GetVariableValue("VerbosePreference") is ActionPreference and not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);

    /// <summary>Writes a line for each operator, the longest first; nothing where none was timed.</summary>
    public void Write(IReadOnlyList<KernelTime> times)
    {
        if (times.Count == 0)
            return;
        cmdlet.WriteVerbose(KernelTime.Header);
        foreach (var time in times)
            cmdlet.WriteVerbose(time.ToString());
    }
}
