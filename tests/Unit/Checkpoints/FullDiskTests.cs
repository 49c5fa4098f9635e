using System.Diagnostics;
using PsGpt.Unit.Formats;

namespace PsGpt.Unit.Checkpoints;

/// <summary>A disk that is full indeed; what happens at each operation is in <see cref="CrashTests"/>.</summary>
public sealed class FullDiskTests
{
    [SmallDiskFact]
    public async Task A_full_disk_is_told_by_its_name()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["disk"]);
        Directory.CreateSymbolicLink(folder["link"], folder["disk"]);

        // Room for one checkpoint of 100 kB, not for two.
        using var process = Process.Start(
            SmallDiskFactAttribute.On(
                folder["disk"], 200, TrainingProgram.Start(Path.Combine(folder["link"], "run"), stepCount: 10, interval: 1)))!;
        var error = process.StandardError.ReadToEndAsync();
        var steps = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(["1", "2"], steps.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"DiskFull: The disk '{folder["disk"]}' is full: ", await error, StringComparison.Ordinal);
        Assert.Contains("The checkpoint 'step-00000001' is kept.", await error, StringComparison.Ordinal);
        Assert.Equal(1, process.ExitCode);
    }
}
