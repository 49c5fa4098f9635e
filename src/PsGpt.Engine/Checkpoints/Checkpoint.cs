using System.Runtime.ExceptionServices;
using System.Text.Json;
using PsGpt.Formats;
using PsGpt.Formats.HuggingFace;
using PsGpt.Formats.Weights;
using PsGpt.Model;

namespace PsGpt.Checkpoints;

/// <summary>
/// A directory from which a run goes on: the model in Hugging Face's layout, the optimizer's moments, the state of the run, and a
/// list of these files with their checksums.
/// </summary>
public sealed class Checkpoint
{
    private const string StateName = "training.json";

    private Checkpoint(string path, CheckpointState state) => (Path, State) = (path, state);

    /// <summary>The directory; <c>ModelFile.Read</c> reads the model from it.</summary>
    public string Path { get; }

    /// <summary>What it holds beside weights and moments.</summary>
    public CheckpointState State { get; }

    /// <summary>Opens a checkpoint after a look at every byte of it.</summary>
    /// <exception cref="GptException"><c>CheckpointBroken</c>, <c>CheckpointTooNew</c>.</exception>
    public static Checkpoint Open(string path, CancellationToken cancellationToken = default) => Open(new DirectorySource(path), path, cancellationToken);

    /// <summary>Opens a checkpoint, wherever its files are.</summary>
    internal static Checkpoint Open(IFileSource files, string path, CancellationToken cancellationToken)
    {
        try
        {
            if (!files.Has(CheckpointManifest.Name))
                throw Broken(path, $"'{CheckpointManifest.Name}' is missing");
            var manifest = CheckpointJson.Read<CheckpointManifest>(SideFile.Read(files, CheckpointManifest.Name));
            if (manifest.Version > CheckpointManifest.CurrentVersion)
            {
                throw new GptException("CheckpointTooNew", GptErrorKind.NotSupported,
                    $"The checkpoint '{path}' was written by a newer version of PsGpt. Go on with it in that version.");
            }

            string[] needed = [HuggingFaceShards.WeightsName, MomentFile.Name, StateName];
            if (needed.Except(manifest.Files.Select(file => file?.Name)).FirstOrDefault() is { } missing)
                throw Broken(path, $"'{CheckpointManifest.Name}' does not list '{missing}'");
            if (manifest.Files.Select(file => file?.FindDamage(files, cancellationToken)).FirstOrDefault(damage => damage is not null) is { } damage)
                throw Broken(path, damage);
            return new Checkpoint(path, CheckpointJson.ReadState(SideFile.Read(files, StateName)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw Broken(path, exception.Message, exception);
        }
    }

    /// <summary>Puts weights, moments and step into a model of the same architecture, in place.</summary>
    /// <exception cref="GptException"><c>CheckpointMismatch</c>, <c>ReadFailed</c>; what is wrong with a file.</exception>
    public void Restore(GptModel model, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        RequireFit(model);
        try
        {
            using (var weights = new HuggingFaceWeights(new DirectorySource(Path)))
                weights.CopyTo(model, progress: null, cancellationToken);
            MomentFile.Read(Path, model, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new GptException("ReadFailed", GptErrorKind.ReadFailed, $"The checkpoint '{Path}' cannot be read: {exception.Message}", exception);
        }

        model.TrainingState.Step = State.Progress.Step;
    }

    /// <summary>Refuses a model that is not the checkpoint's; how much it drops out may differ.</summary>
    /// <exception cref="GptException"><c>CheckpointMismatch</c>.</exception>
    internal void RequireFit(GptModel model)
    {
        var differences = CheckpointJson.Differences(State.Configuration, model.Configuration with { Dropout = State.Configuration.Dropout })
            .Select(difference => $"{difference.Name} {difference.Given} instead of {difference.Stored}").ToList();
        if (State.TokenizerName != model.Tokenizer?.Name)
            differences.Add($"the tokenizer '{model.Tokenizer?.Name ?? "none"}' instead of '{State.TokenizerName ?? "none"}'");
        if (differences.Count > 0)
        {
            throw new GptException("CheckpointMismatch", GptErrorKind.InvalidData,
                $"'{Path}' is a checkpoint of another model: '{model.Name}' has {string.Join(", ", differences)}. Give the model that the run was begun with, or choose another directory.");
        }
    }

    /// <summary>Writes the files of a checkpoint into an empty directory.</summary>
    internal static void Write(ICheckpointDisk disk, string path, GptModel model, CheckpointState state, CancellationToken cancellationToken)
    {
        var target = new CheckpointTarget(disk, path);
        WriteTensors(target, model, cancellationToken);
        SideFile.Write(target, StateName, CheckpointJson.Write(state));
        var manifest = CheckpointJson.Write(new CheckpointManifest(CheckpointManifest.CurrentVersion, target.Files));
        disk.Write(System.IO.Path.Combine(path, CheckpointManifest.Name), file => file.Write(manifest));
    }

    /// <summary>Side by side: while the disk takes in one file, the other is on its way.</summary>
    private static void WriteTensors(CheckpointTarget target, GptModel model, CancellationToken cancellationToken)
    {
        try
        {
            Parallel.Invoke(
                () => HuggingFaceFormat.Write(model, target, WeightDataType.Float32, progress: null, cancellationToken),
                () => MomentFile.Write(target, model.TrainingState, cancellationToken));
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }
    }

    /// <summary>Whether the run had its lowest loss on held-out text at a checkpoint, which may be broken.</summary>
    internal static bool IsBest(string path)
    {
        try
        {
            return CheckpointJson.ReadState(File.ReadAllBytes(System.IO.Path.Combine(path, StateName))).IsBest;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return false;
        }
    }

    private static GptException Broken(string path, string damage, Exception? inner = null) => new(
        "CheckpointBroken", GptErrorKind.InvalidData, $"The checkpoint '{path}' is not whole: {damage.TrimEnd('.')}.", inner);
}
