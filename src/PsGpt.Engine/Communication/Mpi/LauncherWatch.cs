using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PsGpt.Communication.Mpi;

/// <summary>
/// Ends this process when the one that started it is gone. A launcher that ends its ranks kills its own children alone: a rank behind a
/// wrapper, such as the <c>pwsh</c> of <c>dotnet tool install</c>, would keep waiting for ranks that have ended.
/// </summary>
internal static partial class LauncherWatch
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Begins to watch. On Windows, the launcher's job object ends all processes by itself.</summary>
    public static void Start()
    {
        if (OperatingSystem.IsWindows())
            return;
        var parent = ParentId();
        new Thread(() => EndAfter(parent)) { IsBackground = true }.Start();
    }

    /// <summary>Not by an exit, whose handlers would wait for the other ranks.</summary>
    private static void EndAfter(int parent)
    {
        while (ParentId() == parent)
            Thread.Sleep(Interval);
        Process.GetCurrentProcess().Kill();
    }

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int ParentId();
}
