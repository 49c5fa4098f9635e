using PsGpt.Formats.HuggingFace;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Formats;

/// <summary>Reads and writes models, whatever their format.</summary>
public static class ModelFile
{
    /// <summary>Reads a model from a file or directory.</summary>
    /// <param name="path">The file or directory.</param>
    /// <param name="formatName">The format; null tells it by the content.</param>
    /// <param name="progress">Is told the share of the weights that has been read, 0 to 1, on any thread.</param>
    /// <param name="cancellationToken">Stops the call within a part of a tensor.</param>
    /// <exception cref="GptException">
    /// <c>PathNotFound</c>, <c>FileEmpty</c>, <c>FormatUnknown</c>, <c>PluginNotFound</c>, <c>ReadFailed</c>, <c>OutOfMemory</c>,
    /// or what the format says is broken.
    /// </exception>
    public static GptModel Read(
        string path, string? formatName = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
        Read(path, new ModelReadOptions { Format = formatName, Progress = progress }, cancellationToken);

    /// <summary>Reads a model from a file or directory.</summary>
    /// <param name="path">The file or directory.</param>
    /// <param name="options">Format, tokenizer, and where progress and warnings go.</param>
    /// <param name="cancellationToken">Stops the call within a part of a tensor.</param>
    /// <exception cref="GptException">As the other overload.</exception>
    public static GptModel Read(string path, ModelReadOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(options);
        if (!Path.Exists(path))
        {
            throw new GptException("PathNotFound", GptErrorKind.NotFound,
                $"There is no file or directory '{path}'. " + (FindBackup(path) is { } backup
                    ? $"What stood there is in '{backup}', since a process was killed while it replaced it: rename it back. "
                        + "The next export to that path does so too."
                    : "Give the path of a model, or none for the built-in one."));
        }

        if (File.Exists(path) && new FileInfo(path).Length == 0)
        {
            throw new GptException("FileEmpty", GptErrorKind.InvalidData,
                $"The file '{path}' is empty. Get it again from where it came from.");
        }

        try
        {
            var format = options.Format is null ? Detect(path) : ModelFormatCatalog.Registry.Get(options.Format);
            var model = InDataType(format.Read(path, options, cancellationToken), options.DataType, cancellationToken);
            TokensWithoutRow.Report(model.Tokenizer, model.Name, model.Vocabulary, options.WarnOfTokenizer ?? options.Warn);
            return model;
        }
        catch (EndOfStreamException exception)
        {
            throw new GptException("ModelFileTruncated", GptErrorKind.InvalidData,
                $"'{path}' ends within its data. Get it again from where it came from.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new GptException("ReadFailed", GptErrorKind.ReadFailed,
                $"'{path}' cannot be read: {exception.Message} See whether you may read it, and whether the disk is whole.", exception);
        }
    }

    /// <summary>
    /// What stood at a path before it was replaced by a process that was killed in the moment between the two renames that a directory
    /// takes; null where nothing is missing.
    /// </summary>
    /// <param name="path">The file or directory that is not there.</param>
    public static string? FindBackup(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return AtomicWrite.FindBackup(path);
    }

    /// <summary>
    /// Writes a model beside the target and renames it when it is whole: a target is either the old one or the new one. A directory that
    /// is replaced takes two renames; a process that is killed between them leaves the old one beside the target. Reading names it
    /// (<see cref="FindBackup"/>), and the next call puts it back before it does anything else.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file or directory to make.</param>
    /// <param name="formatName">The format.</param>
    /// <param name="dataType">How weights are stored.</param>
    /// <param name="overwrite">Whether to replace what is there.</param>
    /// <param name="progress">Is told the share of the weights that has been written, 0 to 1, on the thread of the call.</param>
    /// <param name="cancellationToken">Stops the call within a part of a tensor; nothing is left behind.</param>
    /// <param name="warn">Takes what could not be written beside the model; may be null.</param>
    /// <exception cref="GptException">
    /// <c>TargetExists</c>, <c>TargetHoldsOtherFiles</c>, <c>TargetIsDevice</c>, <c>PluginNotFound</c>, <c>FormatCannotHold</c>,
    /// <c>WriteFailed</c>.
    /// </exception>
    public static void Write(
        GptModel model, string path, string formatName, WeightDataType dataType = WeightDataType.Float32, bool overwrite = false,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default, Action<string>? warn = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var format = ModelFormatCatalog.Registry.Get(formatName);
        using var copy = model.BeginCopy();
        try
        {
            AtomicWrite.RestoreBackup(path);
            if (FindObstacle(model, path, formatName, dataType, overwrite) is { } obstacle)
                throw obstacle;
            using var target = new AtomicWrite(path);
            format.Write(model, target.TemporaryPath, dataType, progress, cancellationToken);
            target.Commit();
            format.WriteBeside(model, path, overwrite, warn ?? (_ => { }));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new GptException("WriteFailed", GptErrorKind.WriteFailed,
                $"'{path}' cannot be written: {exception.Message} See whether you may write there and whether there is room, or choose "
                + "another place.",
                exception);
        }
    }

    /// <summary>The error that <see cref="Write"/> would throw before it writes anything; null if nothing stands in its way.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file or directory to make.</param>
    /// <param name="formatName">The format.</param>
    /// <param name="dataType">How weights are stored.</param>
    /// <param name="overwrite">Whether to replace what is there.</param>
    /// <exception cref="GptException"><c>PluginNotFound</c>.</exception>
    public static GptException? FindObstacle(
        GptModel model, string path, string formatName, WeightDataType dataType = WeightDataType.Float32, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var format = ModelFormatCatalog.Registry.Get(formatName);
        if (AtomicWrite.FindObstacle(path, overwrite, makesFolders: format is HuggingFaceFormat or GuardedModelFormat) is { } obstacle)
            return obstacle;
        try
        {
            model.RequireFloat32();
            return FilesOf(model, format, dataType) is { } files ? AtomicWrite.FindLoss(path, files.Contains) : null;
        }
        catch (GptException exception)
        {
            return exception;
        }
    }

    /// <summary>The files of a directory that a format makes; none where it makes a file, null where only a plug-in knows.</summary>
    private static IReadOnlySet<string>? FilesOf(GptModel model, IModelFormat format, WeightDataType dataType) => format switch
    {
        HuggingFaceFormat => HuggingFaceFormat.NamesOf(model, dataType),
        GuardedModelFormat => null,
        _ => new HashSet<string>(),
    };

    /// <summary>A format of a plug-in may give float32, whatever it was asked for.</summary>
    private static GptModel InDataType(GptModel model, WeightDataType dataType, CancellationToken cancellationToken)
    {
        if (model.DataType == dataType)
            return model;
        using (model)
            return NarrowModel.Of(model, dataType, cancellationToken);
    }

    private static IModelFormat Detect(string path) =>
        ModelFormatCatalog.Registry.All.FirstOrDefault(format => format.Recognizes(path)) ?? throw new GptException(
            "FormatUnknown", GptErrorKind.InvalidData,
            $"'{path}' is no model of a known format.{ForeignContent.Describe(path)} Known are: "
            + $"{string.Join("; ", ModelFormatCatalog.Registry.All.Select(format => $"{format.Name} ({format.Description})"))}.");
}
