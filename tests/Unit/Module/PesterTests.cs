using System.Globalization;
using System.Text.Json;
using Xunit.Abstractions;

namespace PsGpt.Unit.Module;

/// <summary>The user's view, tests/Pester, in a PowerShell of its own against the module that the build left.</summary>
public sealed class PesterTests(ITestOutputHelper output)
{
    private sealed record Summary(string Result, int Passed, int Failed, int Skipped, string[] Failures);

    [Fact]
    public async Task The_module_does_what_users_expect()
    {
        var resultPath = Repository.PathTo("output/pester.json");
        File.Delete(resultPath);
        var suite = Repository.PathTo("tests/Pester/Invoke-Suite.ps1");
        var (log, _) = await PowerShellHome.RunAsync("-File", suite, "-ResultPath", resultPath, "-Pester", PowerShellHome.Pester);
        output.WriteLine(log);
        Assert.True(File.Exists(resultPath), $"Pester did not finish:\n{log}");

        var summary = JsonSerializer.Deserialize<Summary>(await File.ReadAllTextAsync(resultPath))!;
        Assert.True(summary.Passed > 0, $"Pester found no tests:\n{log}");
        Assert.True(summary.Result == "Passed", string.Create(CultureInfo.InvariantCulture,
            $"{summary.Failed} of {summary.Passed + summary.Failed} Pester tests failed:\n{string.Join('\n', summary.Failures)}"));
    }
}
