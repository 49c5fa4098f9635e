using System.Diagnostics;

namespace PsGpt.Unit.House;

/// <summary>The layout of all code, by the tool that contributors mend it with.</summary>
public sealed class FormatTests
{
    [Fact]
    public async Task Dotnet_format_has_nothing_to_change()
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(dotnet, ["format", Repository.PathTo("PsGpt.sln"), "--verify-no-changes", "--no-restore"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };

        // This test runs within one of MSBuild's own processes, whose settings would not suit the tool.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"Run 'dotnet format':\n{output}{await errors}");
    }
}
