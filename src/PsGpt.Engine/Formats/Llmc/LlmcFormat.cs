using PsGpt.Formats.Tokenizers;
using PsGpt.Formats.Weights;
using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Tensors;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Llmc;

/// <summary>Models of karpathy/llm.c. Its layout is the engine's own, so that a file of version 3 is read in one go.</summary>
internal sealed class LlmcFormat : IModelFormat
{
    private const string TokenizerName = "gpt2_tokenizer.bin";

    // Programs pad a vocabulary to a multiple of 64 or 128 rows, and some count the padding as tokens.
    private const int MostPadding = 128;

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

    public GptModel Read(string path, ModelReadOptions options, CancellationToken cancellationToken)
    {
        using var file = new FileBytes(path);
        return Read(file, path, options, cancellationToken);
    }

    /// <summary>Reads a file, wherever its bytes are.</summary>
    public static GptModel Read(ByteSource file, string path, ModelReadOptions options, CancellationToken cancellationToken)
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

        var tokenizer = options.TokenizerOr(warn => FindTokenizer(path, header.Configuration.VocabularySize, warn));
        return new GptModel(header.Configuration, tokenizer, Path.GetFileNameWithoutExtension(path), options.DataType).FilledBy(model =>
        {
            var tensors = Tensors(model.Storage, header.StoredRows, file, LlmcHeader.Length, header.DataType);
            StoredTensor.ReadAll(tensors, options.Progress, cancellationToken);
            ClearPadding(model);
        });
    }

    /// <summary>The tokenizer goes beside the model, as llm.c has it.</summary>
    public void WriteBeside(GptModel model, string path, bool overwrite, Action<string> warn)
    {
        if (model.Tokenizer is not { } tokenizer)
            return;
        var target = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, TokenizerName);
        try
        {
            if (!File.Exists(target) || TokenizerFile.Read(target).Name != tokenizer.Name)
                TokenizerFile.Write(tokenizer, target, LlmcTokenizerFormat.FormatName, overwrite);
        }
        catch (GptException exception)
        {
            warn($"The model was written, but not its tokenizer beside it: {exception.Message}");
        }
    }

    public void Write(
        GptModel model, string path, WeightDataType dataType, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        if (!CanHold(model.Configuration) || dataType is not (WeightDataType.Float32 or WeightDataType.BFloat16))
        {
            throw new GptException("FormatCannotHold", GptErrorKind.NotSupported,
                "llm.c's format holds GPT-2 only, with all biases, tanh GELU and a tied head, in Float32 or BFloat16; "
                + $"'{model.Name}' or {dataType} is not that. Export it as huggingface.");
        }

        var version = dataType == WeightDataType.BFloat16 ? 5 : 3;
        var header = new LlmcHeader(version, model.Configuration, model.Configuration.PaddedVocabularySize);
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        file.Write(header.ToBytes());
        TensorMapping[] mappings = [.. model.Weights.Tensors.Select(tensor => Place(tensor, header.StoredRows))];
        var share = new WeightProgress(progress, mappings.Sum(mapping => mapping.Length));
        foreach (var mapping in mappings)
            mapping.Write(file, dataType, share, cancellationToken);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Whether an architecture is the one that llm.c's files are of.</summary>
    public static bool CanHold(GptConfiguration configuration) =>
        configuration is { HasBias: true, HasQueryKeyValueBias: true, HasTiedHead: true, Activation: ActivationFunction.GeluTanh }
        && configuration.FeedForwardWidth == 4 * configuration.ChannelCount;

    /// <summary>The tensors of a file: one after the other.</summary>
    /// <param name="set">Where they go: parameters or gradients.</param>
    /// <param name="embeddingRows">The rows of the token embedding that the file has. More than the engine's are passed over.</param>
    /// <param name="offset">Where the first begins in the file, in bytes.</param>
    public static IEnumerable<StoredTensor> Tensors(TensorSet set, int embeddingRows, ByteSource file, long offset, WeightDataType type)
    {
        foreach (var tensor in set.Tensors)
        {
            var mapping = Place(tensor, embeddingRows);
            yield return new StoredTensor(mapping, file, offset, type);
            var skipped = tensor.Name == "wte" ? (long)(embeddingRows - mapping.Rows) * mapping.Columns : 0;
            offset += (mapping.Length + skipped) * WeightConversion.SizeOf(type);
        }
    }

    private static TensorMapping Place(Tensor tensor, int embeddingRows)
    {
        var columns = tensor.Sizes[^1];
        var rows = tensor.Name == "wte" ? Math.Min(embeddingRows, tensor.Sizes[0]) : checked((int)tensor.Shape.RowCount);
        return new TensorMapping(tensor.Name, rows, columns, tensor, Offset: 0, IsVector: false, IsTransposed: false);
    }

    /// <summary>The tokenizer beside a model, or GPT-2's where the sizes are its; null where there is none.</summary>
    private static Tokenizer? FindTokenizer(string path, int vocabularySize, Action<string> warn)
    {
        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, TokenizerName);
        if (!File.Exists(beside))
            return ProposedTokenizer.Find($"There is no '{beside}'.", vocabularySize, warn);
        try
        {
            var tokenizer = TokenizerFile.Read(beside, LlmcTokenizerFormat.FormatName);
            if (tokenizer.VocabularySize <= vocabularySize && vocabularySize - tokenizer.VocabularySize < MostPadding)
                return tokenizer;
            return ProposedTokenizer.Find(
                $"'{beside}' has {tokenizer.VocabularySize} tokens, and '{path}' {vocabularySize} rows: it is not taken.",
                vocabularySize, warn);
        }
        catch (GptException exception)
        {
            return ProposedTokenizer.Find($"The tokenizer beside '{path}' is not taken: {exception.Message}", vocabularySize, warn);
        }
    }

    /// <summary>Files may hold anything in the rows of the padding; the engine counts on 0 there.</summary>
    private static void ClearPadding(GptModel model)
    {
        for (var row = model.Configuration.VocabularySize; row < model.Configuration.PaddedVocabularySize; row++)
            model.Storage["wte"].Slice(row).Clear();
    }

    private static GptException Truncated(string path, long expected, long actual) => new(
        "ModelFileTruncated", GptErrorKind.InvalidData,
        $"'{path}' has {actual} bytes, but needs {expected}. Get it again from where it came from.");
}
