using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace PsGpt.Unit.Module;

/// <summary>
/// The PowerShell of this machine, where there is one. Cmdlets are compiled against a reference assembly; here their types find
/// the real one, in the folder of <c>pwsh</c> or in the test's own (with <c>-p:PowerShellSdk=true</c>), and otherwise the
/// reference assembly, which is enough to look at types.
/// </summary>
internal sealed record PowerShellHome(string Folder, Version Version, Version? PesterVersion)
{
    private const string Probe =
        "$pester = Get-Module -ListAvailable Pester | Sort-Object Version | Select-Object -Last 1;" +
        "$PSHOME; [version]::new($PSVersionTable.PSVersion.Major, $PSVersionTable.PSVersion.Minor).ToString(); \"$($pester.Version)\"";

    private static readonly Lazy<PowerShellHome?> Found = new(Find);

    // Installed as a .NET tool, PowerShell has some of its libraries in folders of their own for each system.
    private static readonly Lazy<AssemblyDependencyResolver?> Dependencies =
        new(() => Installed is { } home ? new AssemblyDependencyResolver(Path.Join(home.Folder, "pwsh.dll")) : null);

    /// <summary>The installed PowerShell, or null.</summary>
    public static PowerShellHome? Installed => Found.Value;

    /// <summary>Whether cmdlets can run in this process.</summary>
    public static bool CanHost => File.Exists(Path.Combine(AppContext.BaseDirectory, "System.Management.Automation.dll")) || Installed is not null;

    /// <summary>Starts <c>pwsh</c> and waits for it.</summary>
    /// <returns>What it wrote to both streams, and its exit code.</returns>
    public static async Task<(string Output, int ExitCode)> RunAsync(params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("pwsh", ["-NoProfile", "-NonInteractive", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["NO_COLOR"] = "1", ["POWERSHELL_TELEMETRY_OPTOUT"] = "1" },
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (await output + await error, process.ExitCode);
    }

    [ModuleInitializer]
    internal static void ResolveAssemblies()
    {
        AssemblyLoadContext.Default.Resolving += Resolve;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
            Dependencies.Value?.ResolveUnmanagedDllToPath(name) is { } installed ? NativeLibrary.Load(installed) : 0;
    }

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name)
    {
        if (name.Name?.StartsWith("PsGpt", StringComparison.Ordinal) != false || name.Name.EndsWith(".resources", StringComparison.Ordinal))
            return null;
        if (Dependencies.Value?.ResolveAssemblyToPath(name) is { } installed)
            return context.LoadFromAssemblyPath(installed);
        return name.Name == "System.Management.Automation" ? context.LoadFromAssemblyPath(ReferenceAssembly()) : null;
    }

    private static string ReferenceAssembly() => typeof(PowerShellHome).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "PowerShellReferenceAssembly").Value!;

    private static PowerShellHome? Find()
    {
        try
        {
            var (output, exitCode) = RunAsync("-Command", Probe).GetAwaiter().GetResult();
            return exitCode == 0 && output.ReplaceLineEndings("\n").Split('\n') is [var folder, var version, var pester, ..]
                ? new PowerShellHome(folder, Version.Parse(version), Version.TryParse(pester, out var parsed) ? parsed : null)
                : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
