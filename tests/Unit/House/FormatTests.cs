using System.Diagnostics;

namespace PsGpt.Unit.House;

/// <summary>
/// The layout of all code, by the tool that contributors mend it with. It reads the folder, not the projects: the build itself reports
/// what else dotnet format would mend, but for the order of using directives.
/// </summary>
public sealed class FormatTests
{
    [Fact]
    public async Task Dotnet_format_has_nothing_to_change()
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(dotnet, ["format", "whitespace", Repository.Root, "--folder", "--verify-no-changes"])
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

    [Fact]
    public void Using_directives_are_sorted()
    {
        var folders = new[] { "src", "tests", "samples", "benchmarks", "tools" };
        var unsorted = from folder in folders
                       from file in Repository.SourceFiles(folder)
                       let names = UsingsOf(file)
                       let sorted = names.OrderBy(name => !IsOfSystem(name)).ThenBy(name => name, StringComparer.OrdinalIgnoreCase)
                       where !names.SequenceEqual(sorted)
                       select Path.GetRelativePath(Repository.Root, file);
        Assert.Empty(unsorted);
    }

    private static string[] UsingsOf(string file) =>
    [
        .. File.ReadLines(file).TakeWhile(line => !line.StartsWith("namespace", StringComparison.Ordinal))
            .Where(line => line.StartsWith("using ", StringComparison.Ordinal) && line.EndsWith(';') && !line.Contains('=')
                && !line.StartsWith("using static", StringComparison.Ordinal))
            .Select(line => line["using ".Length..^1]),
    ];

    private static bool IsOfSystem(string name) => name == "System" || name.StartsWith("System.", StringComparison.Ordinal);
}
