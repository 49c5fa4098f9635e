using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using PsGpt.Model;

namespace PsGpt.Commands;

/// <summary>
/// The model that was last named by its path, or its name on the hub, to a cmdlet that only reads models, kept for the next such call in
/// the runspace until a file changes or another model is named. It never leaves the cmdlets, so nobody can train or dispose it.
/// </summary>
internal static class ModelPathCache
{
    // The files beside a model that it may be read with.
    private static readonly string[] SidePatterns = ["*.json", "*.bin"];

    // The keys are held weakly: the model of a runspace that is gone is freed with it.
    private static readonly ConditionalWeakTable<Runspace, Entry> Entries = [];

    /// <summary>The model at a path.</summary>
    /// <param name="path">The full path of a file or folder.</param>
    /// <param name="load">Loads it where it is not there, or not the same any more.</param>
    public static GptModel Get(string path, Func<GptModel> load)
    {
        var (runspace, stamp) = (Runspace.DefaultRunspace, StampOf(path));
        if (Entries.TryGetValue(runspace, out var entry) && entry.Path == path && entry.Stamp == stamp)
            return entry.Model;

        // The former one is not disposed: a cmdlet further up the pipeline may be at work with it.
        Entries.Remove(runspace);
        var model = load();
        Entries.AddOrUpdate(runspace, new Entry(path, stamp, model));
        return model;
    }

    /// <summary>Forgets the model of the runspace.</summary>
    public static void Forget(Runspace runspace) => Entries.Remove(runspace);

    /// <summary>Names, lengths and times of change of the files that the model is read from.</summary>
    private static string StampOf(string path)
    {
        var files = Directory.Exists(path)
            ? new DirectoryInfo(path).EnumerateFiles()
            : SidePatterns.SelectMany(new FileInfo(path).Directory!.EnumerateFiles).Append(new FileInfo(path));
        return string.Join(
            '|', files.Select(file => $"{file.Name}:{file.Length}:{file.LastWriteTimeUtc.Ticks}").Order(StringComparer.Ordinal));
    }

    private sealed record Entry(string Path, string Stamp, GptModel Model);
}
