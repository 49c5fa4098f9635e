using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Formats.HuggingFace;

/// <summary>
/// A directory as Hugging Face's transformers save GPT-2: <c>config.json</c>, <c>model.safetensors</c> and the tokenizer.
/// Also reads nanoGPT's variants and gpt.py's names in that form.
/// </summary>
internal sealed class HuggingFaceFormat : IModelFormat
{
    private const string ConfigurationName = "config.json";
    private const int MostNamed = 5;

    public string Name => "huggingface";

    public string Description => "a Hugging Face directory with config.json and model.safetensors, or that file";

    public bool Recognizes(string path) =>
        Directory.Exists(path) ? File.Exists(Path.Combine(path, ConfigurationName)) : SafetensorsHeader.Begins(path);

    public GptModel Read(string path, ModelReadOptions options, CancellationToken cancellationToken)
    {
        var weightsName = Directory.Exists(path) ? null : Path.GetFileName(path);
        var directory = new DirectoryInfo(weightsName is null ? path : Path.GetDirectoryName(Path.GetFullPath(path))!);
        var name = weightsName is null or HuggingFaceShards.WeightsName ? directory.Name : Path.GetFileNameWithoutExtension(path);
        return Read(new DirectorySource(directory.FullName), name, weightsName, options, cancellationToken);
    }

    /// <summary>Reads a directory, wherever its files are.</summary>
    public static GptModel Read(IFileSource files, string name, ModelReadOptions options, CancellationToken cancellationToken) =>
        Read(files, name, weightsName: null, options, cancellationToken);

    /// <param name="files">The directory.</param>
    /// <param name="name">The name of the model.</param>
    /// <param name="weightsName">
    /// The file of the weights, which may do without <c>config.json</c> where its shapes say all of it; null finds it.
    /// </param>
    /// <param name="options">The model's tokenizer, and where progress and warnings go.</param>
    /// <param name="cancellationToken">Stops the call within a part of a tensor.</param>
    private static GptModel Read(
        IFileSource files, string name, string? weightsName, ModelReadOptions options, CancellationToken cancellationToken)
    {
        var configurationFile = weightsName is null || files.Has(ConfigurationName) ? SideFile.Read(files, ConfigurationName) : null;
        using var weights = new HuggingFaceWeights(files, weightsName);
        var configuration = configurationFile is null
            ? ShapeConfiguration.Read(weights, files.Describe(weightsName!))
            : HuggingFaceConfiguration.Read(configurationFile, files.Describe(ConfigurationName), weights);

        weights.RequireAll(configuration);

        // Before anything is allocated: a broken configuration must not cost the memory that it claims.
        if (configuration.ParameterCount > weights.ValueCount)
        {
            throw new GptException("ModelFileTruncated", GptErrorKind.InvalidData,
                $"'{files.Describe(ConfigurationName)}' describes {configuration.ParameterCount:N0} weights, but there are "
                + $"{weights.ValueCount:N0}. "
                + "Get all files again from where they came from.");
        }

        if (weights.UnusedNames.ToArray() is [_, ..] unused)
        {
            var names = string.Join(", ", unused.Take(MostNamed)) + (unused.Length > MostNamed ? " and others" : "");
            options.Warn($"'{weights.Path}' also has {names}, which a language model does not use: left out.");
        }

        var tokenizer = options.TokenizerOr(warn => HuggingFaceTokenizer.Read(files, configuration.VocabularySize, warn));
        var endOfText = HuggingFaceTokenizer.ReadEndOfText(files, configurationFile);
        return new GptModel(configuration, tokenizer, name, options.DataType, endOfText)
            .FilledBy(model => weights.CopyTo(model, options.Progress, cancellationToken));
    }

    public void Write(
        GptModel model, string path, WeightDataType dataType, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(path);
        Write(model, new DirectoryTarget(path), dataType, progress, cancellationToken);
    }

    /// <summary>Writes the files of a directory, wherever they go.</summary>
    /// <exception cref="GptException"><c>FormatCannotHold</c>.</exception>
    public static void Write(
        GptModel model, IFileTarget target, WeightDataType dataType, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        if (dataType is WeightDataType.Float64 or WeightDataType.Q8_0)
        {
            throw new GptException("FormatCannotHold", GptErrorKind.NotSupported, dataType == WeightDataType.Float64
                ? "Weights of 64 bits are read, but not written: the engine computes in 32. Write them as Float32, which is exact."
                : "Safetensors files have no blocks that share a scale. Write the model as gguf, or its weights as Float16 or BFloat16.");
        }

        SideFile.Write(target, ConfigurationName, () => HuggingFaceConfiguration.Write(model.Configuration, model.EndOfTextTokens));
        if (model.Tokenizer is not null)
            HuggingFaceTokenizer.Write(model.Tokenizer, target, model.Configuration.ContextLength);
        var mappings = HuggingFaceTensors.Of(model).ToArray();
        target.Write(
            HuggingFaceShards.WeightsName,
            file => SafetensorsWriter.Write(file, mappings, HuggingFaceWeights.Prefix, dataType, progress, cancellationToken));
    }

    /// <summary>The names of the files that make up a model.</summary>
    /// <exception cref="GptException"><c>FormatCannotHold</c>.</exception>
    public static IReadOnlySet<string> NamesOf(GptModel model, WeightDataType dataType)
    {
        var target = new NameTarget();
        Write(model, target, dataType, progress: null, CancellationToken.None);
        return target.Names;
    }

    /// <summary>Notes what would be written.</summary>
    private sealed class NameTarget : IFileTarget
    {
        public HashSet<string> Names { get; } = [];

        public void Write(string name, Action<Stream> write) => Names.Add(name);
    }
}
