using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PsGpt.Model;

namespace PsGpt.Checkpoints;

/// <summary>
/// The checkpoints of one run, each in a directory <c>step-00000100</c> of its own. The files <c>latest</c> and <c>best</c> hold the name
/// of one. A checkpoint is written under another name and gets its own when all of it is on the disk. Older ones are removed only then:
/// whatever happens, there is a whole one once the first was written.
/// </summary>
public sealed partial class CheckpointStore : IDisposable
{
    private const string LatestName = "latest";
    private const string BestName = "best";
    private const string ProbeName = "probe";
    private const string PartialEnding = ".partial";

    private readonly ICheckpointDisk disk;
    private readonly IDisposable reservation;
    private Task removal = Task.CompletedTask;
    private string? latest;
    private string? best;

    /// <summary>Opens a directory for one run at a time, and makes it if there is none.</summary>
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
            reservation = DirectoryLock.TryTake(Path) ?? throw new GptException("CheckpointsInUse", GptErrorKind.AlreadyExists,
                $"Another run keeps its checkpoints in '{Path}'. Wait until it ends, or choose another directory.");
            RequireWritable();
            foreach (var leftOver in Directory.EnumerateFileSystemEntries(Path, $"*{PartialEnding}").Where(IsLeftOver))
                disk.Delete(leftOver);
        }
        catch (Exception exception)
        {
            reservation?.Dispose();
            if (exception is IOException or UnauthorizedAccessException)
                throw DiskFailure.Describe(exception, Path, "Choose another directory for the checkpoints.");
            throw;
        }
    }

    /// <summary>The directory that holds the checkpoints.</summary>
    public string Path { get; }

    /// <summary>Refuses a directory that holds checkpoints, whole or not. A directory that is not there passes.</summary>
    /// <exception cref="GptException"><c>CheckpointsExist</c>.</exception>
    public static void RequireNoRun(string path)
    {
        if (Directory.Exists(path) && Names(path).Count > 0)
        {
            throw new GptException("CheckpointsExist", GptErrorKind.AlreadyExists,
                $"'{path}' holds the checkpoints of a run already. Resume that run, or choose another directory.");
        }
    }

    /// <summary>Finds the newest checkpoint that is whole. Changes nothing.</summary>
    /// <param name="warn">Receives a sentence about each broken one that is passed over.</param>
    /// <param name="cancellationToken">Stops the call within a part of a file.</param>
    /// <returns>Null if there is none at all.</returns>
    /// <exception cref="GptException">
    /// <c>CheckpointBroken</c>: there are some, but none is whole. <c>CheckpointTooNew</c>, <c>ReadFailed</c>.
    /// </exception>
    public Checkpoint? FindNewest(Action<string> warn, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(warn);
        var broken = new List<GptException>();
        foreach (var name in Names(Path))
        {
            try
            {
                var checkpoint = Checkpoint.Open(PathOf(name), cancellationToken);
                checkpoint.RequireStep(StepOf(name));
                broken.ForEach(exception => warn($"{exception.Message} The run continues from '{name}'."));
                return checkpoint;
            }
            catch (GptException exception) when (exception.ErrorId == ErrorIds.CheckpointBroken)
            {
                broken.Add(exception);
            }
        }

        return broken.Count == 0 ? null : throw broken[0];
    }

    /// <summary>Makes a checkpoint of this directory the latest: newer ones are broken.</summary>
    /// <exception cref="GptException"><c>DiskFull</c>, <c>WriteFailed</c>.</exception>
    internal void ContinueFrom(Checkpoint checkpoint)
    {
        var name = System.IO.Path.GetFileName(checkpoint.Path);
        if (PathOf(name) != checkpoint.Path)
            return;
        best = Names(Path).SkipWhile(other => other != name).FirstOrDefault(other => Checkpoint.IsBest(PathOf(other)));
        try
        {
            if (!File.Exists(PathOf(LatestName)) || File.ReadAllText(PathOf(LatestName)) != name)
                Point(LatestName, name);
            latest = name;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskFailure.Describe(exception, PathOf(LatestName), $"The checkpoint '{name}' is kept.");
        }
    }

    /// <summary>Writes a checkpoint, then removes older ones that are not to be kept.</summary>
    /// <returns>Its directory.</returns>
    /// <exception cref="GptException">
    /// <c>DiskFull</c>, <c>WriteFailed</c>, <c>FormatCannotHold</c>: the older ones are still there.
    /// </exception>
    public string Save(GptModel model, CheckpointState state, CancellationToken cancellationToken = default) =>
        Write(model, state, ranks: null, cancellationToken);

    /// <summary>The same with the moments of all ranks that train together; null for this process alone.</summary>
    internal string Write(GptModel model, CheckpointState state, MomentCollection? ranks, CancellationToken cancellationToken)
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
            Checkpoint.Write(disk, staging, model, state, ranks, cancellationToken);

            // One of that step is there only if it was broken, and the run has come here again from an older one.
            if (Directory.Exists(PathOf(name)))
                disk.Delete(TakeName(name));
            disk.Rename(staging, PathOf(name));
            Point(LatestName, latest = name);
            if (state.IsBest)
                Point(BestName, best = name);
        }
        catch (Exception exception)
        {
            TryDelete(staging);
            if (exception is IOException or UnauthorizedAccessException)
                throw DiskFailure.Describe(exception, PathOf(name), Kept(name));
            throw;
        }

        Prune(name, state.Checkpoints.Keep);
        return PathOf(name);
    }

    /// <summary>Lets other runs use the directory.</summary>
    public void Dispose()
    {
        using (reservation)
            EndRemoval();
    }

    private string Kept(string name) =>
        latest == name ? $"The checkpoint '{name}' itself is whole; only '{LatestName}' or '{BestName}' may still name an older one." :
        latest is null ? "There is no older checkpoint." :
        $"The checkpoint '{latest}' is kept.";

    /// <summary>A run of hours must not learn at its first checkpoint that it cannot write any.</summary>
    private void RequireWritable()
    {
        var probe = PathOf(ProbeName + PartialEnding);
        new FileStream(probe, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose).Dispose();
    }

    /// <summary>The names of all checkpoints, the newest first.</summary>
    private static List<string> Names(string path) =>
        [.. new DirectoryInfo(path).GetDirectories().Select(entry => entry.Name).Where(name => Named().IsMatch(name))
            .OrderByDescending(StepOf)];

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

    // Newer ones than the latest were broken when the run continued from an older one. The system takes a while to free large files;
    // training need not wait for that.
    private void Prune(string latest, int keep)
    {
        var older = Names(Path).Where(name => name != latest && name != best).ToList();
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
                // Another program reads it. The next call removes it.
            }
        }

        removal = Task.Run(() => removed.ForEach(TryDelete));
    }

    private void EndRemoval() => removal.GetAwaiter().GetResult();

    /// <summary>Renames a checkpoint before it is removed: half of one must not look like one.</summary>
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
            // Another program reads it. The rest is removed when the directory is opened next.
        }
    }

    private static bool IsLeftOver(string path) => Partial().IsMatch(System.IO.Path.GetFileName(path));

    [GeneratedRegex(@"^step-\d{8,9}$", RegexOptions.CultureInvariant)]
    private static partial Regex Named();

    [GeneratedRegex(@"^(step-\d{8,9}(\.old)?|latest|best|probe)\.partial$", RegexOptions.CultureInvariant)]
    private static partial Regex Partial();
}
