using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace PsGpt.Unit.Module;

/// <summary>
/// The PowerShell that the build has restored as a .NET tool (<c>.config/dotnet-tools.json</c>), so that every machine tests the
/// cmdlets in the same one. Cmdlets are compiled against a reference assembly; in this process their types resolve to the tool's.
/// </summary>
internal static class PowerShellHome
{
    private static readonly string Folder = BuildValue("PowerShellHome");

    // The tool keeps some libraries in a folder for each system; only its dependency file knows where.
    private static readonly Lazy<AssemblyDependencyResolver> Dependencies = new(() => new AssemblyDependencyResolver(Executable));

    /// <summary>The manifest of the Pester module that the build has restored as a package.</summary>
    public static string Pester { get; } = BuildValue("PesterManifest");

    private static string Executable => Path.Join(Folder, "pwsh.dll");

    /// <summary>Starts PowerShell and waits for it.</summary>
    /// <returns>What it wrote to both streams, and its exit code.</returns>
    public static async Task<(string Output, int ExitCode)> RunAsync(params IEnumerable<string> arguments)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        using var process = Process.Start(new ProcessStartInfo(dotnet, [Executable, "-NoProfile", "-NonInteractive", .. arguments])
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
            Dependencies.Value.ResolveUnmanagedDllToPath(name) is { } path ? NativeLibrary.Load(path) : 0;
    }

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
        name.Name?.StartsWith("PsGpt", StringComparison.Ordinal) == false
        && !name.Name.EndsWith(".resources", StringComparison.Ordinal)
        && Dependencies.Value.ResolveAssemblyToPath(name) is { } path
            ? context.LoadFromAssemblyPath(path)
            : null;

    private static string BuildValue(string key) => typeof(PowerShellHome).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
