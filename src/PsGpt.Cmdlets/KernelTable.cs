using System.Globalization;
using System.Management.Automation;
using PsGpt.Kernels;

namespace PsGpt.Commands;

/// <summary>The time of each kernel in a training, for users who ask for it with <c>-Verbose</c>.</summary>
internal sealed class KernelTable(PSCmdlet cmdlet)
{
    /// <summary>Whether verbose messages are shown, by the switch or by the preference; otherwise nothing is timed.</summary>
    public bool IsWanted =>
        cmdlet.MyInvocation.BoundParameters.TryGetValue("Verbose", out var verbose)
            ? ((SwitchParameter)verbose).IsPresent
            : cmdlet.GetVariableValue("VerbosePreference") is ActionPreference and not
                (ActionPreference.SilentlyContinue or ActionPreference.Ignore);

    /// <summary>Writes a line for each operator, the longest first; nothing if none was timed.</summary>
    public void Write(IReadOnlyList<KernelTime> times)
    {
        if (times.Count == 0)
            return;
        cmdlet.WriteVerbose(Header);
        foreach (var time in times)
            cmdlet.WriteVerbose(LineOf(time));
    }

    /// <summary>The names of the columns.</summary>
    internal static string Header => $"{"Kernel",-24} {"Calls",7} {"ms",10} {"Share",7} {"GFLOP/s",8} {"GB/s",6}";

    /// <summary>A line of the table, under <see cref="Header"/>.</summary>
    internal static string LineOf(KernelTime time) => string.Create(
        CultureInfo.InvariantCulture,
        $"{time.Name,-24} {time.CallCount,7} {time.Milliseconds,10:0.00} {100 * time.Share,6:0.0}% "
        + $"{time.GigaOperationsPerSecond,8:0} {time.GigaBytesPerSecond,6:0}");
}
