using PsGpt.Model;

namespace PsGpt.Formats.Gguf;

/// <summary>The keys of a GGUF file that describe GPT-2, to the engine's configuration and back, as llama.cpp names them.</summary>
internal static class GgufConfiguration
{
    public const string Architecture = "gpt2";

    private const string ArchitectureKey = "general.architecture";
    private const string ContextLengthKey = "gpt2.context_length";
    private const string ChannelCountKey = "gpt2.embedding_length";
    private const string LayerCountKey = "gpt2.block_count";
    private const string FeedForwardWidthKey = "gpt2.feed_forward_length";
    private const string HeadCountKey = "gpt2.attention.head_count";
    private const string KeyHeadCountKey = "gpt2.attention.head_count_kv";
    private const string EpsilonKey = "gpt2.attention.layer_norm_epsilon";

    /// <summary>Refuses what is no GPT-2, or a part of one, before anything else is said of the file.</summary>
    /// <exception cref="GptException"><c>ArchitectureUnknown</c>.</exception>
    /// <exception cref="FormatException">A key is of another type.</exception>
    public static void RequireGpt2(GgufMetadata metadata, string path)
    {
        if (metadata.FindInteger("split.count") is > 1 and var count)
        {
            throw new GptException("ArchitectureUnknown", GptErrorKind.NotSupported,
                $"'{path}' is one of {count} parts of a model. Join them with llama.cpp's llama-gguf-split --merge.");
        }

        if (metadata.FindText("general.type") == "adapter")
        {
            throw new GptException("ArchitectureUnknown", GptErrorKind.NotSupported,
                $"'{path}' holds an adapter (LoRA) and not a model. Merge the two with llama.cpp's llama-export-lora.");
        }

        var architecture = metadata.FindText(ArchitectureKey);
        if (architecture != Architecture)
        {
            throw new GptException("ArchitectureUnknown", GptErrorKind.NotSupported, architecture is null
                ? $"'{path}' does not say of what architecture it is. Only GGUF files of {Architecture} can be read."
                : $"'{path}' holds a model of the architecture '{architecture}'. Only {Architecture} can be read.");
        }
    }

    /// <summary>Reads the architecture.</summary>
    /// <param name="vocabularySize">The rows of the token embedding: no key has them.</param>
    /// <param name="hasTiedHead">Whether there is no head beside the token embedding.</param>
    /// <exception cref="GptException"><c>ConfigurationFileInvalid</c>, <c>ArchitectureUnknown</c>.</exception>
    /// <exception cref="FormatException">A key is of another type.</exception>
    public static GptConfiguration Read(GgufMetadata metadata, long vocabularySize, bool hasTiedHead, string path)
    {
        int Number(string key) => metadata.FindInteger(key) ?? throw Invalid(path, $"it lacks the key '{key}'.");
        var configuration = new GptConfiguration
        {
            VocabularySize = (int)Math.Min(vocabularySize, int.MaxValue),
            ContextLength = Number(ContextLengthKey),
            LayerCount = Number(LayerCountKey),
            HeadCount = Number(HeadCountKey),
            ChannelCount = Number(ChannelCountKey),
            OwnFeedForwardWidth =
                metadata.FindInteger(FeedForwardWidthKey) is { } width && width != 4L * Number(ChannelCountKey) ? width : null,
            LayerNormEpsilon = metadata.FindSingle(EpsilonKey) ?? 1e-5f,
            HasTiedHead = hasTiedHead,
        };
        try
        {
            configuration.Validate();
        }
        catch (GptException exception)
        {
            throw Invalid(path, exception.Message, exception);
        }

        RequireSame(metadata, KeyHeadCountKey, configuration.HeadCount, path);
        return configuration;
    }

    /// <summary>Names the key that the weights contradict, before anything is added up or allocated.</summary>
    /// <exception cref="GptException"><c>TensorShapeMismatch</c>, <c>TensorMissing</c>.</exception>
    public static void RequireShapes(GptConfiguration c, GgufWeights weights, string path)
    {
        void RequireSize(string key, long claimed, string tensor, int dimension)
        {
            if (weights.ShapeOf(tensor) is { Count: 2 } shape && shape[dimension] != claimed)
                throw Mismatch(key, claimed, $"the tensor '{tensor}' is ({string.Join(", ", shape)})", path);
        }

        RequireSize(ContextLengthKey, c.ContextLength, GgufTensors.PositionEmbeddingName, 0);
        RequireSize(ChannelCountKey, c.ChannelCount, GgufTensors.TokenEmbeddingName, 1);
        if (weights.LayerCount != c.LayerCount)
            throw Mismatch(LayerCountKey, c.LayerCount, $"there are {weights.LayerCount} layers", path);
        RequireSize(FeedForwardWidthKey, c.FeedForwardWidth, "blk.0.ffn_up.weight", 0);
    }

    private static GptException Mismatch(string key, long claimed, string found, string path) =>
        new("TensorShapeMismatch", GptErrorKind.InvalidData,
        $"'{path}' sets '{key}' to {claimed}, but {found}. Get the file again from where it came from.");

    /// <summary>Writes the keys.</summary>
    public static void Write(GgufKeys keys, GptConfiguration c)
    {
        keys.Add(LayerCountKey, c.LayerCount);
        keys.Add(ContextLengthKey, c.ContextLength);
        keys.Add(ChannelCountKey, c.ChannelCount);
        keys.Add(FeedForwardWidthKey, c.FeedForwardWidth);
        keys.Add(HeadCountKey, c.HeadCount);
        keys.Add(EpsilonKey, c.LayerNormEpsilon);
    }

    /// <summary>Sizes that the engine derives from others must be what the file says they are, where it does.</summary>
    private static void RequireSame(GgufMetadata metadata, string key, int expected, string path)
    {
        if (metadata.FindInteger(key) is { } actual && actual != expected)
        {
            throw new GptException("ArchitectureUnknown", GptErrorKind.NotSupported,
                $"'{path}' sets '{key}' to {actual}, but GPT-2 of these sizes has {expected}. Only models that keep to it can be read.");
        }
    }

    private static GptException Invalid(string path, string problem, Exception? inner = null) => new(
        "ConfigurationFileInvalid", GptErrorKind.InvalidData,
        $"'{path}' does not describe a model that can be made: {problem} "
        + $"It needs {ContextLengthKey}, {ChannelCountKey}, {LayerCountKey} and {HeadCountKey}.",
        inner);
}
