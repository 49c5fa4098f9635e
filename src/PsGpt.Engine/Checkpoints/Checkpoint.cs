using System.Runtime.ExceptionServices;
using System.Text;
using PsGpt.Communication;
using PsGpt.Formats;
using PsGpt.Formats.HuggingFace;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Checkpoints;

/// <summary>
/// A directory from which a run continues: the model in Hugging Face's layout, the optimizer's moments, the state of the run, and a
/// list of these files with their checksums.
/// </summary>
public sealed class Checkpoint
{
    private const string StateName = "training.json";

    private Checkpoint(string path, CheckpointState state) => (Path, State) = (path, state);

    /// <summary>The directory; <c>ModelFile.Read</c> reads the model from it.</summary>
    public string Path { get; }

    /// <summary>The part of it that is neither weights nor moments.</summary>
    public CheckpointState State { get; }

    /// <summary>Whether a directory holds a checkpoint, whole or broken.</summary>
    public static bool IsAt(string path) => File.Exists(System.IO.Path.Combine(path, CheckpointManifest.Name));

    /// <summary>Opens a checkpoint after checking every byte of it.</summary>
    /// <exception cref="GptException"><c>CheckpointBroken</c>, <c>CheckpointTooNew</c>, <c>ReadFailed</c>.</exception>
    public static Checkpoint Open(string path, CancellationToken cancellationToken = default) =>
        Open(new DirectorySource(path), path, cancellationToken);

    /// <summary>Opens a checkpoint, wherever its files are.</summary>
    internal static Checkpoint Open(IFileSource files, string path, CancellationToken cancellationToken)
    {
        try
        {
            RequireIntact(files, path, cancellationToken);
            var state = CheckpointJson.ReadWithFormerNames<CheckpointState>(SideFile.Read(files, StateName));
            StateCheck.Require(state);
            new HuggingFaceWeights(files).Dispose();
            MomentFile.RequireReadable(files);
            return new Checkpoint(path, state);
        }
        catch (Exception exception) when (DiskFailure.IsOfProcess(exception))
        {
            throw new GptException("ReadFailed", GptErrorKind.ReadFailed,
                $"The checkpoint '{path}' cannot be read now: {exception.Message.TrimEnd('.')}. Close other files, then try again.",
                exception);
        }
        catch (Exception exception) when (
            exception is not OperationCanceledException and not GptException { ErrorId: "CheckpointBroken" or "CheckpointTooNew" })
        {
            // Whatever the error of this checkpoint, an older one may be whole.
            throw Broken(path, exception.Message, exception);
        }
    }

    private static void RequireIntact(IFileSource files, string path, CancellationToken cancellationToken)
    {
        if (!files.Has(CheckpointManifest.Name))
            throw Broken(path, $"'{CheckpointManifest.Name}' is missing");
        var manifest = CheckpointJson.Read<CheckpointManifest>(SideFile.Read(files, CheckpointManifest.Name));
        if (!manifest.IsIntact)
            throw Broken(path, $"'{CheckpointManifest.Name}' is not as it was written");
        if (manifest.Version > CheckpointManifest.CurrentVersion)
        {
            throw new GptException("CheckpointTooNew", GptErrorKind.NotSupported,
                $"The checkpoint '{path}' was written by a newer version of PsGpt. Continue with it in that version.");
        }

        string[] needed = [HuggingFaceShards.WeightsName, MomentFile.Name, StateName];
        if (needed.Except(manifest.Files.Select(file => file?.Name)).FirstOrDefault() is { } missing)
            throw Broken(path, $"'{CheckpointManifest.Name}' does not list '{missing}'");
        foreach (var file in manifest.Files)
        {
            if (file?.FindDamage(files, cancellationToken) is { } damage)
                throw Broken(path, damage);
        }
    }

    /// <summary>The checkpoint that rank 0 has found, for all ranks that train together. Every rank makes this call.</summary>
    /// <param name="communicator">The ranks.</param>
    /// <param name="found">The checkpoint on rank 0, or null; anything elsewhere.</param>
    /// <returns>Null where rank 0 has none. Rank 0 alone reads its files.</returns>
    /// <exception cref="GptException"><c>CommunicationFailed</c>.</exception>
    public static Checkpoint? Share(ICommunicator communicator, Checkpoint? found)
    {
        ArgumentNullException.ThrowIfNull(communicator);
        if (communicator.Size == 1)
            return found;
        var path = Encoding.UTF8.GetString(communicator.Share(Encoding.UTF8.GetBytes(found?.Path ?? "")));
        var state = communicator.Share(found is null ? [] : CheckpointJson.Write(found.State));
        return path.Length == 0 ? null : new Checkpoint(path, CheckpointJson.Read<CheckpointState>(state));
    }

    /// <summary>
    /// Puts weights, moments and step into a model of the same architecture. All of them are read before the model is touched, for which a
    /// second copy of the weights is in memory meanwhile: where this fails or is cancelled, the model is as it was.
    /// </summary>
    /// <exception cref="GptException">
    /// <c>CheckpointMismatch</c>, <c>ReadFailed</c>, <c>OutOfMemory</c>, and the errors of its files.
    /// </exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public void Restore(GptModel model, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        RequireFit(model);
        Restore(new DirectorySource(Path), model, cancellationToken);
    }

    /// <summary>The same, wherever its files are.</summary>
    internal void Restore(IFileSource files, GptModel model, CancellationToken cancellationToken)
    {
        using var whole = new GptModel(model.Configuration, model.Tokenizer, model.Name);
        DiskFailure.Reading(Path, () => ReadInto(whole, files, cancellationToken));
        model.TakeFrom(whole);
    }

    private GptModel ReadInto(GptModel model, IFileSource files, CancellationToken cancellationToken)
    {
        using var weights = new HuggingFaceWeights(files);
        using var moments = new MomentFile(files, model);
        weights.CopyTo(model, progress: null, cancellationToken);
        moments.Read(cancellationToken);
        model.TrainingState.Step = State.Progress.Step;
        return model;
    }

    /// <summary>Requires the step that the checkpoint's name promises.</summary>
    /// <exception cref="GptException"><c>CheckpointBroken</c>.</exception>
    internal void RequireStep(int step)
    {
        if (State.Progress.Step != step)
            throw Broken(Path, FormattableString.Invariant($"it is the state after step {State.Progress.Step}"));
    }

    /// <summary>Refuses a model that is not the checkpoint's; its dropout may differ.</summary>
    /// <exception cref="GptException"><c>CheckpointMismatch</c>.</exception>
    internal void RequireFit(GptModel model)
    {
        var configuration = model.Configuration with { Dropout = State.Configuration.Dropout };
        var differences = CheckpointJson.Differences(State.Configuration, configuration)
            .Select(difference => $"{difference.Name} {difference.Given} instead of {difference.Stored}").ToList();
        if (State.TokenizerName != model.Tokenizer?.Name)
            differences.Add($"the tokenizer '{model.Tokenizer?.Name ?? "none"}' instead of '{State.TokenizerName ?? "none"}'");
        if (differences.Count > 0)
        {
            throw new GptException("CheckpointMismatch", GptErrorKind.InvalidData,
                $"'{Path}' is a checkpoint of another model: '{model.Name}' has {string.Join(", ", differences)}. " +
                "Give the model that the run began with, or choose another directory.");
        }
    }

    /// <summary>Refuses a model whose tokenizer no file can hold.</summary>
    /// <exception cref="GptException"><c>FormatCannotHold</c>.</exception>
    internal static void RequireWritable(GptModel model)
    {
        if (model.Tokenizer is { } tokenizer)
            HuggingFaceTokenizer.Require(tokenizer);
    }

    /// <summary>Writes the files of a checkpoint into an empty directory.</summary>
    internal static void Write(
        ICheckpointDisk disk, string path, GptModel model, CheckpointState state, MomentCollection? ranks,
        CancellationToken cancellationToken)
    {
        var target = new CheckpointTarget(disk, path);
        WriteTensors(target, model, ranks, cancellationToken);
        SideFile.Write(target, StateName, CheckpointJson.Write(state));
        var manifest = CheckpointJson.Write(CheckpointManifest.Of(target.Files));
        disk.Write(System.IO.Path.Combine(path, CheckpointManifest.Name), file => file.Write(manifest));
    }

    /// <summary>Writes both files at once: while one waits for the disk, the other is converted.</summary>
    private static void WriteTensors(
        CheckpointTarget target, GptModel model, MomentCollection? ranks, CancellationToken cancellationToken)
    {
        try
        {
            Parallel.Invoke(
                () => HuggingFaceFormat.Write(model, target, WeightDataType.Float32, progress: null, cancellationToken),
                () => WriteMoments(target, model, ranks, cancellationToken));
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }
    }

    private static void WriteMoments(
        CheckpointTarget target, GptModel model, MomentCollection? ranks, CancellationToken cancellationToken)
    {
        if (ranks is null)
            MomentFile.Write(target, model.TrainingState, cancellationToken);
        else
            target.Write(MomentFile.Name, ranks.Write);
    }

    /// <summary>Whether the run had its lowest validation loss at a checkpoint, which may be broken.</summary>
    internal static bool IsBest(string path)
    {
        try
        {
            return CheckpointJson.ReadWithFormerNames<CheckpointState>(File.ReadAllBytes(System.IO.Path.Combine(path, StateName))).IsBest;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return false;
        }
    }

    private static GptException Broken(string path, string damage, Exception? inner = null) => new(
        "CheckpointBroken", GptErrorKind.InvalidData, $"The checkpoint '{path}' is not whole: {damage.TrimEnd('.')}.", inner);
}
