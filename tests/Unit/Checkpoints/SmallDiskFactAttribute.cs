using System.Diagnostics;

namespace PsGpt.Unit.Checkpoints;

/// <summary>
/// A test on a disk of a few hundred kilobytes, which Linux gives to anybody in a namespace of his own, where that is not forbidden.
/// </summary>
public sealed class SmallDiskFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> IsPossible = new(() =>
    {
        try
        {
            using var process = Process.Start(On(Path.GetTempPath(), 200, new ProcessStartInfo("true")))!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    });

    public SmallDiskFactAttribute() => Skip = Obstacle;

    /// <summary>Why there is no small disk; null where there is one.</summary>
    public static string? Obstacle => OperatingSystem.IsLinux() && IsPossible.Value
        ? null
        : "A small disk cannot be mounted here: it takes Linux, where unshare -rm may mount a tmpfs.";

    /// <summary>A process that sees a small disk in the place of a directory.</summary>
    public static ProcessStartInfo On(string directory, int kilobytes, ProcessStartInfo program)
    {
        string[] shell = ["-rm", "sh", "-c", $"mount -t tmpfs -o size={kilobytes}k none \"$0\" && exec \"$@\"", directory];
        var start = new ProcessStartInfo("unshare", [.. shell, program.FileName, .. program.ArgumentList])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in program.Environment)
            start.Environment[name] = value;
        return start;
    }
}
