using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PsGpt.Model;

namespace PsGpt.Checkpoints;

/// <summary>
/// The checkpoints of one run, each a directory <c>step-00000100</c> of its own. The files <c>latest</c> and <c>best</c> hold the name of
/// one. A checkpoint is written under another name and gets its own when all of it is on the disk; only then older ones go: whatever
/// happens, there is a whole one once the first was written.
/// </summary>
public sealed partial class CheckpointStore : IDisposable
{
    private const string LatestName = "latest";
    private const string BestName = "best";
    private const string LockName = ".lock";
    private const string PartialEnding = ".partial";

    private readonly ICheckpointDisk disk;
    private readonly FileStream lockFile;
    private Task removal = Task.CompletedTask;
    private string? best;

    /// <summary>Opens a directory, which is made where there is none, for one run at a time.</summary>
    /// <param name="path">The directory.</param>
    /// <exception cref="GptException"><c>CheckpointsInUse</c>, <c>WriteFailed</c>, <c>DiskFull</c>.</exception>
    public CheckpointStore(string path)
        : this(path, new SystemDisk())
    {
    }

    internal CheckpointStore(string path, ICheckpointDisk disk)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        (Path, this.disk) = (System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path)), disk);
        try
        {
            Directory.CreateDirectory(Path);
            lockFile = Lock();
            foreach (var leftOver in Directory.EnumerateFileSystemEntries(Path, $"*{PartialEnding}").Where(entry => Partial().IsMatch(System.IO.Path.GetFileName(entry))))
                disk.Delete(leftOver);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            lockFile?.Dispose();
            throw DiskFailure.Describe(exception, Path, "Choose another directory for the checkpoints.");
        }
    }

    /// <summary>The directory that holds the checkpoints.</summary>
    public string Path { get; }

    /// <summary>Whether there is any checkpoint, whole or not.</summary>
    public bool HasAny => Names().Any();

    /// <summary>The newest checkpoint that is whole, or null where there is none at all.</summary>
    /// <param name="warn">Is told of each one that is passed over because it is broken.</param>
    /// <exception cref="GptException"><c>CheckpointBroken</c>: there are some, but none is whole. <c>CheckpointTooNew</c>.</exception>
    public Checkpoint? FindNewest(Action<string> warn, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(warn);
        var broken = new List<GptException>();
        foreach (var name in Names())
        {
            try
            {
                var checkpoint = Checkpoint.Open(PathOf(name), cancellationToken);
                best = Names().SkipWhile(other => other != name).FirstOrDefault(other => Checkpoint.IsBest(PathOf(other)));
                broken.ForEach(exception => warn($"{exception.Message} The run goes on from '{name}'."));
                return checkpoint;
            }
            catch (GptException exception) when (exception.ErrorId == "CheckpointBroken")
            {
                broken.Add(exception);
            }
        }

        return broken.Count == 0 ? null : throw broken[0];
    }

    /// <summary>Writes a checkpoint, then removes those that are not to be kept.</summary>
    /// <returns>Its directory.</returns>
    /// <exception cref="GptException"><c>DiskFull</c>, <c>WriteFailed</c>, <c>FormatCannotHold</c>: the older ones are still there.</exception>
    public string Save(GptModel model, CheckpointState state, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(state);
        var name = string.Create(CultureInfo.InvariantCulture, $"step-{state.Progress.Step:D8}");
        var staging = PathOf(name + PartialEnding);
        EndRemoval();
        try
        {
            disk.Delete(staging);
            disk.CreateDirectory(staging);
            Checkpoint.Write(disk, staging, model, state, cancellationToken);

            // One of that step is there only if it was found broken, and the run has come here again from an older one.
            if (Directory.Exists(PathOf(name)))
                disk.Delete(TakeName(name));
            disk.Rename(staging, PathOf(name));
            Point(LatestName, name);
            if (state.IsBest)
                Point(BestName, best = name);
        }
        catch (Exception exception)
        {
            TryDelete(staging);
            if (exception is IOException or UnauthorizedAccessException)
                throw DiskFailure.Describe(exception, PathOf(name), Names().FirstOrDefault() is { } kept ? $"The checkpoint '{kept}' is kept." : "There is no older checkpoint.");
            throw;
        }

        Prune(name, state.Checkpoints.Keep);
        return PathOf(name);
    }

    /// <summary>Lets other runs use the directory.</summary>
    public void Dispose()
    {
        using (lockFile)
            EndRemoval();
    }

    /// <summary>The names of all checkpoints, the newest first.</summary>
    private List<string> Names() =>
        [.. Directory.EnumerateDirectories(Path).Select(path => System.IO.Path.GetFileName(path)).Where(name => Named().IsMatch(name)).OrderByDescending(StepOf)];

    private static int StepOf(string name) => int.Parse(name.AsSpan("step-".Length), CultureInfo.InvariantCulture);

    private string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Replaces a pointer in one step.</summary>
    private void Point(string pointer, string name)
    {
        var staging = PathOf(pointer + PartialEnding);
        disk.Delete(staging);
        disk.Write(staging, file => file.Write(Encoding.ASCII.GetBytes(name)));
        disk.Rename(staging, PathOf(pointer));
    }

    /// <summary>
    /// What is newer than the latest was broken when the run went on from an older one. The system takes a while to let go of large
    /// files; training need not wait for it.
    /// </summary>
    private void Prune(string latest, int keep)
    {
        var older = Names().Where(name => name != latest && name != best).ToList();
        var kept = older.Where(name => StepOf(name) < StepOf(latest)).Take(keep);
        var removed = new List<string>();
        foreach (var name in older.Except(kept))
        {
            try
            {
                removed.Add(TakeName(name));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Somebody reads it; it goes next time.
            }
        }

        removal = Task.Run(() => removed.ForEach(TryDelete));
    }

    private void EndRemoval() => removal.GetAwaiter().GetResult();

    /// <summary>A checkpoint that goes loses its name first: one that is half removed must not look like one.</summary>
    private string TakeName(string name)
    {
        var removed = PathOf($"{name}.old{PartialEnding}");
        disk.Delete(removed);
        disk.Rename(PathOf(name), removed);
        return removed;
    }

    private void TryDelete(string path)
    {
        try
        {
            disk.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody reads it. What is left of it goes when the directory is opened next.
        }
    }

    /// <summary>Two runs in one directory would remove each other's checkpoints. The system lets go of the lock however a process ends.</summary>
    private FileStream Lock()
    {
        try
        {
            return new FileStream(PathOf(LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (File.Exists(PathOf(LockName)))
        {
            throw new GptException("CheckpointsInUse", GptErrorKind.AlreadyExists,
                $"Another run keeps its checkpoints in '{Path}'. Wait for its end, or choose another directory.", exception);
        }
    }

    [GeneratedRegex(@"^step-\d{8,9}$", RegexOptions.CultureInvariant)]
    private static partial Regex Named();

    [GeneratedRegex(@"^(step-\d{8,9}(\.old)?|latest|best)\.partial$", RegexOptions.CultureInvariant)]
    private static partial Regex Partial();
}
