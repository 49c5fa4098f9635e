using System.Diagnostics;
using System.Text;

namespace PsGpt.Unit.Communication;

/// <summary>Starts processes under the MPIs of this machine; Debian installs both side by side under these names.</summary>
internal static class MpiRun
{
    private static readonly string[] Launchers = ["mpirun.openmpi", "mpirun.mpich"];

    public static IReadOnlyList<string> Installed { get; } = [.. Launchers.Where(IsInstalled)];

    /// <summary>The line of a rank at which the user presses Ctrl+C.</summary>
    public const string InterruptLine = "interrupt";

    /// <summary>Runs this test assembly's program on some ranks.</summary>
    /// <returns>The exit code of the launcher, and the output and the errors of all ranks.</returns>
    public static (int ExitCode, string Output, string Errors) Start(string launcher, int rankCount, params string[] arguments) =>
        Start(Prepare(launcher, rankCount, arguments));

    /// <summary>The command line that starts this test assembly's program on some ranks.</summary>
    public static ProcessStartInfo Prepare(string launcher, int rankCount, params string[] arguments)
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
        return start;
    }

    /// <summary>Puts a process between the launcher and each rank, as the pwsh of dotnet's tools is one.</summary>
    public static void WrapRanks(ProcessStartInfo start)
    {
        string[] wrapper = ["sh", "-c", "\"$@\"; exit $?", "sh"];
        for (var i = 0; i < wrapper.Length; i++)
            start.ArgumentList.Insert(start.ArgumentList.IndexOf("dotnet"), wrapper[i]);
    }

    /// <summary>Starts a command line of <see cref="Prepare"/>.</summary>
    /// <returns>The exit code of the launcher, and the output and the errors of all ranks.</returns>
    public static (int ExitCode, string Output, string Errors) Start(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = new StringBuilder();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            output.Append(line).Append('\n');
            if (line == InterruptLine)
                Process.Start("kill", ["-INT", $"{process.Id}"]).WaitForExit();
        }

        process.WaitForExit();
        return (process.ExitCode, output.ToString(), errors.Result);
    }

    /// <summary>Whether a program is on the PATH.</summary>
    public static bool IsInstalled(string program)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return folders.Any(folder => File.Exists(Path.Combine(folder, program)));
    }
}
