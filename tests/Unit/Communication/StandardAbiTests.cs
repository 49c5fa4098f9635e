using System.Diagnostics;
using PsGpt.Unit.Formats;

namespace PsGpt.Unit.Communication;

/// <summary>
/// The standard ABI of MPI 5, which no MPI of Debian has yet: a library of one rank checks each handle and argument that it gets.
/// </summary>
public sealed class StandardAbiTests
{
    [CompilerFact]
    public void Every_call_passes_the_handles_of_the_standard()
    {
        using var folder = new TemporaryFolder();
        var library = folder["libmpi_abi.so.1"];
        var source = Repository.PathTo("tests/Unit/Communication/StandardAbi.c");
        Assert.Equal((0, ""), Run(new("gcc", ["-shared", "-fPIC", "-O1", "-o", library, source])));
        var rank = new ProcessStartInfo("dotnet", [typeof(StandardAbiTests).Assembly.Location, "communicate"])
        {
            Environment = { ["PSGPT_MPI"] = library, ["PMI_SIZE"] = "1", ["PMI_RANK"] = "0" },
        };
        var (exitCode, output) = Run(rank);
        Assert.True(exitCode == 0, output);
        Assert.Equal("rank 0 of 1 agrees over Stub of MPI 5\n", output);
    }

    private static (int ExitCode, string Output) Run(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    /// <summary>A test that compiles a library; reported as skipped where there is no gcc.</summary>
    private sealed class CompilerFactAttribute : FactAttribute
    {
        public CompilerFactAttribute()
        {
            if (!OperatingSystem.IsLinux() || !MpiRun.IsInstalled("gcc"))
                Skip = DisplayName = "THE STANDARD ABI OF MPI 5 WAS NOT TESTED: it takes Linux and gcc.";
        }
    }
}
