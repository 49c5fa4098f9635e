using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Formats;

/// <summary>
/// A directory as Hugging Face's transformers save GPT-2: <c>config.json</c>, <c>model.safetensors</c> and the tokenizer.
/// Also reads nanoGPT's variants and gpt.py's names in that form.
/// </summary>
internal sealed class HuggingFaceFormat : IModelFormat
{
    private const string ConfigurationName = "config.json";
    private const string WeightsName = "model.safetensors";
    private const string Prefix = "transformer.";
    private const int Gpt2VocabularySize = 50257;

    public string Name => "huggingface";

    public string Description => "a Hugging Face directory with config.json and model.safetensors";

    public bool Recognizes(string path) => Directory.Exists(path) && File.Exists(Path.Combine(path, ConfigurationName));

    public GptModel Read(string path, CancellationToken cancellationToken) =>
        Read(new DirectorySource(path), new DirectoryInfo(path).Name, cancellationToken);

    /// <summary>Reads a directory, wherever its files are.</summary>
    public static GptModel Read(IFileSource files, string name, CancellationToken cancellationToken)
    {
        var configurationFile = ReadAll(files, ConfigurationName);
        using var stream = Open(files, WeightsName, out var length);
        var entries = SafetensorsHeader.Read(stream, length, files.Describe(WeightsName));
        var byName = new Dictionary<string, SafetensorsEntry>(StringComparer.Ordinal);
        foreach (var entry in entries)
            byName[WithoutPrefix(entry.Name)] = entry;
        var configuration = HuggingFaceConfiguration.Read(configurationFile, files.Describe(ConfigurationName), byName.Keys.ToHashSet());
        RequireRoom(configuration, entries, files.Describe(WeightsName));
        var model = new GptModel(configuration, ReadTokenizer(files, configuration), name);
        try
        {
            ReadWeights(model, entries, byName, stream, files.Describe(WeightsName), cancellationToken);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    public void Write(GptModel model, string path, WeightDataType dataType, CancellationToken cancellationToken)
    {
        if (dataType == WeightDataType.Float64)
        {
            throw new GptException("FormatCannotHold", GptErrorKind.NotSupported,
                "Weights of 64 bits are read, but not written: the engine computes in 32. Write them as Float32, which is exact.");
        }

        Directory.CreateDirectory(path);
        File.WriteAllBytes(Path.Combine(path, ConfigurationName), HuggingFaceConfiguration.Write(model.Configuration, model.Tokenizer?.EndOfTextToken));
        if (model.Tokenizer is not null)
            File.WriteAllBytes(Path.Combine(path, TokenizerJson.FileName), TokenizerJson.Write(model.Tokenizer));
        SafetensorsWriter.Write(Path.Combine(path, WeightsName), [.. TensorPlacements.HuggingFace(model)], Prefix, dataType, cancellationToken);
    }

    private static string WithoutPrefix(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;

    private static Stream Open(IFileSource files, string name, out long length) =>
        files.Has(name) ? files.Open(name, out length) : throw new GptException("ModelFileMissing", GptErrorKind.NotFound,
            $"There is no '{files.Describe(name)}'. A Hugging Face directory needs {ConfigurationName} and {WeightsName}; pickles such as pytorch_model.bin are not read, since they can run code.");

    private static byte[] ReadAll(IFileSource files, string name)
    {
        using var stream = Open(files, name, out _);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>Before anything is allocated: a broken configuration must not cost the memory that it claims.</summary>
    private static void RequireRoom(GptConfiguration configuration, List<SafetensorsEntry> entries, string path)
    {
        var stored = entries.Sum(entry => (entry.End - entry.Begin) / WeightConversion.SizeOf(entry.DataType));
        if (configuration.ParameterCount > stored)
        {
            throw new GptException("ModelFileTruncated", GptErrorKind.InvalidData,
                $"'{path}' holds {stored:N0} weights, but its {ConfigurationName} describes {configuration.ParameterCount:N0}. Get both again from where they came from.");
        }
    }

    private static Tokenizer? ReadTokenizer(IFileSource files, GptConfiguration configuration)
    {
        if (files.Has(TokenizerJson.FileName))
            return TokenizerJson.Read(ReadAll(files, TokenizerJson.FileName), files.Describe(TokenizerJson.FileName));
        return configuration.VocabularySize == Gpt2VocabularySize ? TokenizerCatalog.Gpt2 : null;
    }

    /// <summary>Reads the tensors in the order of their bytes, so that a stream need not seek.</summary>
    private static void ReadWeights(GptModel model, List<SafetensorsEntry> entries, Dictionary<string, SafetensorsEntry> byName, Stream stream, string path, CancellationToken cancellationToken)
    {
        var isGptPy = byName.ContainsKey("token_embedding_table.weight");
        var placements = (isGptPy ? TensorPlacements.GptPy(model) : TensorPlacements.HuggingFace(model)).ToDictionary(placement => placement.Name);
        foreach (var placement in placements.Values)
        {
            var entry = byName.GetValueOrDefault(placement.Name) ?? throw new GptException("TensorMissing", GptErrorKind.InvalidData,
                $"'{path}' lacks the tensor '{placement.Name}'. Get it again from where it came from.");
            if (!entry.Shape.SequenceEqual(placement.Shape))
            {
                throw new GptException("TensorShapeMismatch", GptErrorKind.InvalidData,
                    $"In '{path}' the tensor '{entry.Name}' is ({string.Join(", ", entry.Shape)}), but {ConfigurationName} makes it ({string.Join(", ", placement.Shape)}). The two files do not belong together.");
            }
        }

        long position = 0;
        foreach (var entry in entries)
        {
            if (byName[WithoutPrefix(entry.Name)] != entry || !placements.TryGetValue(WithoutPrefix(entry.Name), out var placement))
                continue;
            Skip(stream, entry.Begin - position);
            placement.Read(stream, entry.DataType, cancellationToken);
            position = entry.End;
        }
    }

    private static void Skip(Stream stream, long count)
    {
        if (stream.CanSeek)
        {
            stream.Seek(count, SeekOrigin.Current);
            return;
        }

        var buffer = new byte[Math.Min(count, 1 << 16)];
        for (; count > 0; count -= Math.Min(count, buffer.Length))
            stream.ReadExactly(buffer.AsSpan(0, (int)Math.Min(count, buffer.Length)));
    }
}
