using System.Diagnostics;

namespace PsGpt.Unit.Communication;

/// <summary>Starts processes under the MPIs of this machine; Debian installs both side by side under these names.</summary>
internal static class MpiRun
{
    private static readonly string[] Launchers = ["mpirun.openmpi", "mpirun.mpich"];

    public static IReadOnlyList<string> Installed { get; } = [.. Launchers.Where(IsInstalled)];

    /// <summary>Runs this test assembly's program on some ranks.</summary>
    /// <returns>The exit code of the launcher, and the output and the errors of all ranks.</returns>
    public static (int ExitCode, string Output, string Errors) Start(string launcher, int rankCount, params string[] arguments)
    {
        var start = new ProcessStartInfo(launcher)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
            Environment =
            {
                ["OMPI_ALLOW_RUN_AS_ROOT"] = "1", ["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1", ["OMPI_MCA_rmaps_base_oversubscribe"] = "1",
                ["PSGPT_THREADS"] = "1", ["DOTNET_TieredPGO"] = "0",

                // Open MPI gives its processes a terminal: without this they write escape sequences to it.
                ["TERM"] = "dumb",
            },
        };
        string[] command = ["-n", $"{rankCount}", "dotnet", typeof(MpiRun).Assembly.Location, .. arguments];
        foreach (var argument in command)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    private static bool IsInstalled(string launcher) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, launcher)));
}
