using PsGpt.Formats.Weights;
using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Formats.Gguf;

/// <summary>Files of GPT-2 for llama.cpp and the programs around it: weights, sizes and tokenizer in one.</summary>
internal sealed class GgufFormat : IModelFormat
{
    /// <summary>llama.cpp's number of each kind of file (<c>enum llama_ftype</c>): what most of its weights are.</summary>
    private static readonly Dictionary<WeightDataType, int> FileTypes = new()
    {
        [WeightDataType.Float32] = 0,
        [WeightDataType.Float16] = 1,
        [WeightDataType.Q8_0] = 7,
        [WeightDataType.BFloat16] = 32,
    };

    public string Name => "gguf";

    public string Description => "a GGUF file of GPT-2, as llama.cpp reads it";

    public bool Recognizes(string path)
    {
        if (!File.Exists(path))
            return false;
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[4];
        return file.ReadAtLeast(start, 4, throwOnEndOfStream: false) == 4 && GgufHeader.HasMagic(start);
    }

    public GptModel Read(string path, ModelReadOptions options, CancellationToken cancellationToken)
    {
        using var file = new FileBytes(path);
        return Read(file, path, options, cancellationToken);
    }

    /// <summary>Reads a file, wherever its bytes are.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="path">What error messages call it; without its extension the name of the model.</param>
    /// <param name="options">The model's tokenizer, and where progress and warnings go.</param>
    /// <param name="cancellationToken">Stops the call within a part of a tensor.</param>
    public static GptModel Read(ByteSource file, string path, ModelReadOptions options, CancellationToken cancellationToken) =>
        ReadWhole(file, path, () =>
        {
            var header = GgufHeader.Read(file, path);
            return Read(header, new GgufWeights(file, path, header.Tensors), path, options, cancellationToken);
        });

    /// <summary>Reads from a file and says what is wrong with it where it is broken.</summary>
    /// <exception cref="GptException"><c>GgufInvalid</c>, <c>ModelFileTruncated</c>, or what <paramref name="read"/> throws.</exception>
    public static T ReadWhole<T>(ByteSource file, string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException exception)
        {
            throw new GptException("GgufInvalid", GptErrorKind.InvalidData,
                $"'{path}' is not a whole GGUF file: {exception.Message}. Get it again from where it came from.", exception);
        }
        catch (EndOfStreamException exception)
        {
            throw new GptException("ModelFileTruncated", GptErrorKind.InvalidData,
                $"'{path}' has {file.Length} bytes, and ends within its keys or tensors. Get it again from where it came from.", exception);
        }
    }

    public void Write(
        GptModel model, string path, WeightDataType dataType, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        RequireHoldable(model, dataType);
        var keys = new GgufKeys();
        keys.Add("general.architecture", GgufConfiguration.Architecture);
        keys.Add("general.type", "model");
        keys.Add("general.name", model.Name);
        GgufConfiguration.Write(keys, model.Configuration);
        keys.Add("general.file_type", FileTypes[dataType]);
        keys.Add("general.quantization_version", 2);
        GgufTokenizer.Write(keys, model.Tokenizer, model.Configuration.VocabularySize);

        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        GgufWriter.Write(file, keys, [.. GgufTensors.Of(model)], mapping => TypeOf(mapping, dataType), progress, cancellationToken);
        file.Flush(flushToDisk: true);
    }

    /// <summary>
    /// How a tensor is stored, as llama.cpp's converter has it: vectors and the position embedding stay float32, which is what its
    /// kernels take; rows that are not whole blocks are float16 instead of Q8_0.
    /// </summary>
    public static WeightDataType TypeOf(TensorMapping mapping, WeightDataType dataType)
    {
        if (mapping.IsVector || mapping.Name == GgufTensors.PositionEmbeddingName)
            return WeightDataType.Float32;
        return dataType == WeightDataType.Q8_0 && mapping.Columns % QuantizedBlock.ValueCount != 0 ? WeightDataType.Float16 : dataType;
    }

    private static GptModel Read(
        GgufHeader header, GgufWeights weights, string path, ModelReadOptions options, CancellationToken cancellationToken)
    {
        GgufConfiguration.RequireGpt2(header.Metadata, path);
        weights.RequireReadable();
        var configuration = GgufConfiguration.Read(header.Metadata, weights.VocabularySize, weights.HasTiedHead, path);

        GgufConfiguration.RequireShapes(configuration, weights, path);
        weights.RequireAll(configuration.LayerCount);

        // Before anything is allocated: broken keys must not cost the memory that they claim.
        if (configuration.ParameterCount > weights.ValueCount)
        {
            throw new GptException("ModelFileTruncated", GptErrorKind.InvalidData,
                $"'{path}' describes {configuration.ParameterCount:N0} weights, but there are {weights.ValueCount:N0}. "
                + "Get it again from where it came from.");
        }

        var tokenizer = options.TokenizerOr(
            warn => GgufTokenizer.Read(header.Metadata, configuration.VocabularySize, path, warn));
        var endOfText = GgufTokenizer.ReadEndOfText(header.Metadata);
        return new GptModel(configuration, tokenizer, Path.GetFileNameWithoutExtension(path), options.DataType, endOfText)
            .FilledBy(model => weights.CopyTo(model, options.Progress, cancellationToken));
    }

    private static void RequireHoldable(GptModel model, WeightDataType dataType)
    {
        var c = model.Configuration;
        var problem = c switch
        {
            { HasBias: false } => "has no biases",
            { HasQueryKeyValueBias: false } => "has no bias for queries, keys and values",
            { Activation: not ActivationFunction.GeluTanh } => $"computes with {c.Activation}",
            { HasHeadBias: true } => "has a head with a bias",
            _ => null,
        };
        if (problem is not null)
        {
            throw new GptException("FormatCannotHold", GptErrorKind.NotSupported,
                $"GGUF's gpt2 has all biases but the head's, and tanh GELU; '{model.Name}' {problem}. Export it as huggingface.");
        }

        if (!FileTypes.ContainsKey(dataType))
        {
            throw new GptException("FormatCannotHold", GptErrorKind.NotSupported,
                $"Weights are not written as {dataType}: the engine computes in 32 bits. "
                + $"Write them as {string.Join(", ", FileTypes.Keys)}.");
        }
    }
}
