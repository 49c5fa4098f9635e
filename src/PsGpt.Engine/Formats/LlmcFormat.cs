using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Tensors;
using PsGpt.Tokenization;

namespace PsGpt.Formats;

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

    public GptModel Read(string path, CancellationToken cancellationToken)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        var bytes = new byte[LlmcHeader.Length];
        if (file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw Truncated(path, LlmcHeader.Length, file.Length);
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
        var model = new GptModel(header.Configuration, tokenizer, Path.GetFileNameWithoutExtension(path));
        try
        {
            foreach (var tensor in model.Parameters.Tensors)
                ForEachPart(tensor, header.StoredRows, part => WeightStream.Read(file, header.DataType, part, cancellationToken));
            ClearPadding(model);
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
        var c = model.Configuration;
        if (!c.HasBias || !c.HasQueryKeyValueBias || !c.HasTiedHead || c.Activation != ActivationFunction.GeluTanh || dataType is not (WeightDataType.Float32 or WeightDataType.BFloat16))
        {
            throw new GptException("FormatCannotHold", GptErrorKind.NotSupported,
                $"llm.c's format holds GPT-2 only, with all biases, tanh GELU and a tied head, in Float32 or BFloat16; '{model.Name}' or {dataType} is not that. Export it as huggingface.");
        }

        var header = new LlmcHeader(dataType == WeightDataType.BFloat16 ? 5 : 3, c);
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        file.Write(header.ToBytes());
        foreach (var tensor in model.Parameters.Tensors)
            ForEachPart(tensor, header.StoredRows, part => WeightStream.Write(file, dataType, part, cancellationToken));
        file.Flush(flushToDisk: true);
    }

    /// <summary>The stored rows of a tensor in one part, or in one part a row where a span cannot hold them all.</summary>
    private static void ForEachPart(Tensor tensor, int embeddingRows, SpanAction action)
    {
        var rows = tensor.Name == "wte" ? embeddingRows : tensor.Sizes[0];
        var length = tensor.Length / tensor.Sizes[0] * rows;
        if (length <= int.MaxValue)
        {
            action(tensor.Range(0, (int)length));
            return;
        }

        for (var row = 0; row < rows; row++)
            action(tensor.Slice(row));
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

    private delegate void SpanAction(Span<float> part);
}
