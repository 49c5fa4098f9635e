using PsGpt.Formats.Weights;
using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Tensors;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Llmc;

/// <summary>Models of karpathy/llm.c. Its layout is the engine's own, so that a file of version 3 is read in one go.</summary>
internal sealed class LlmcFormat : IModelFormat
{
    private const int Gpt2VocabularySize = 50257;

    public string Name => "llm.c";

    public string Description => "a file of llm.c, versions 1, 3 and 5";

    public bool Recognizes(string path)
    {
        if (!File.Exists(path))
            return false;
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[4];
        return file.ReadAtLeast(start, 4, throwOnEndOfStream: false) == 4 && LlmcHeader.HasMagic(start);
    }

    public GptModel Read(string path, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        using var file = new FileBytes(path);
        return Read(file, path, progress, cancellationToken);
    }

    /// <summary>Reads a file, wherever its bytes are.</summary>
    public static GptModel Read(ByteSource file, string path, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        if (file.Length < LlmcHeader.Length)
            throw Truncated(path, LlmcHeader.Length, file.Length);
        var bytes = new byte[LlmcHeader.Length];
        file.Read(0, bytes);
        var header = LlmcHeader.Parse(bytes, path);

        // Before anything is allocated: a broken header must not cost the memory that it claims.
        if (file.Length < header.FileLength)
            throw Truncated(path, header.FileLength, file.Length);
        if (file.Length > header.FileLength)
        {
            throw new GptException("ModelFileOversized", GptErrorKind.InvalidData,
                $"'{path}' has {file.Length} bytes, but its header describes {header.FileLength}. Get it again from where it came from.");
        }

        var tokenizer = header.Configuration.VocabularySize == Gpt2VocabularySize ? TokenizerCatalog.Gpt2 : null;
        return new GptModel(header.Configuration, tokenizer, Path.GetFileNameWithoutExtension(path)).FilledBy(model =>
        {
            StoredTensor.ReadAll(Tensors(model.Parameters, header.StoredRows, file, LlmcHeader.Length, header.DataType), progress, cancellationToken);
            ClearPadding(model);
        });
    }

    public void Write(GptModel model, string path, WeightDataType dataType, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        if (!CanHold(model.Configuration) || dataType is not (WeightDataType.Float32 or WeightDataType.BFloat16))
        {
            throw new GptException("FormatCannotHold", GptErrorKind.NotSupported,
                $"llm.c's format holds GPT-2 only, with all biases, tanh GELU and a tied head, in Float32 or BFloat16; '{model.Name}' or {dataType} is not that. Export it as huggingface.");
        }

        var header = new LlmcHeader(dataType == WeightDataType.BFloat16 ? 5 : 3, model.Configuration);
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        file.Write(header.ToBytes());
        TensorMapping[] mappings = [.. model.Parameters.Tensors.Select(tensor => Place(tensor, header.StoredRows))];
        var share = new WeightProgress(progress, mappings.Sum(mapping => mapping.Length));
        foreach (var mapping in mappings)
            mapping.Write(file, dataType, share, cancellationToken);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Whether an architecture is the one that llm.c's files are of.</summary>
    public static bool CanHold(GptConfiguration configuration) =>
        configuration is { HasBias: true, HasQueryKeyValueBias: true, HasTiedHead: true, Activation: ActivationFunction.GeluTanh };

    /// <summary>The tensors of a file: one after the other.</summary>
    /// <param name="set">Where they go: parameters or gradients.</param>
    /// <param name="embeddingRows">The rows of the token embedding that the file has: version 1 has no padding.</param>
    /// <param name="offset">Where the first begins in the file, in bytes.</param>
    public static IEnumerable<StoredTensor> Tensors(TensorSet set, int embeddingRows, ByteSource file, long offset, WeightDataType type)
    {
        foreach (var mapping in set.Tensors.Select(tensor => Place(tensor, embeddingRows)))
        {
            yield return new StoredTensor(mapping, file, offset, type);
            offset += mapping.Length * WeightConversion.SizeOf(type);
        }
    }

    private static TensorMapping Place(Tensor tensor, int embeddingRows)
    {
        var columns = tensor.Sizes[^1];
        var rows = tensor.Name == "wte" ? embeddingRows : checked((int)(tensor.Length / columns));
        return new TensorMapping(tensor.Name, rows, columns, tensor, Offset: 0, IsVector: false, IsTransposed: false);
    }

    /// <summary>Files may hold anything in the rows of the padding; the engine counts on 0 there.</summary>
    private static void ClearPadding(GptModel model)
    {
        for (var row = model.Configuration.VocabularySize; row < model.Configuration.PaddedVocabularySize; row++)
            model.Parameters["wte"].Slice(row).Clear();
    }

    private static GptException Truncated(string path, long expected, long actual) => new(
        "ModelFileTruncated", GptErrorKind.InvalidData,
        $"'{path}' has {actual} bytes, but needs {expected}. Get it again from where it came from.");
}
