using System.Text.Json;
using System.Text.Json.Nodes;
using PsGpt.Kernels;
using PsGpt.Model;

namespace PsGpt.Formats.HuggingFace;

/// <summary>
/// <c>config.json</c> of a Hugging Face directory to the engine's configuration and back. What the file does not say (nanoGPT's
/// missing biases, a head of its own) is told by the tensors that are there.
/// </summary>
internal static class HuggingFaceConfiguration
{
    private static readonly (string Name, ActivationFunction Activation)[] ActivationNames =
    [
        ("gelu_new", ActivationFunction.GeluTanh), ("gelu_pytorch_tanh", ActivationFunction.GeluTanh), ("gelu", ActivationFunction.GeluErf), ("relu", ActivationFunction.Relu),
    ];

    /// <param name="names">The names of the tensors, without the prefix.</param>
    /// <exception cref="GptException"><c>ConfigurationFileInvalid</c>, <c>ArchitectureUnknown</c>.</exception>
    public static GptConfiguration Read(ReadOnlySpan<byte> json, string path, IReadOnlyCollection<string> names)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            using var document = JsonDocument.ParseValue(ref reader);
            var configuration = GptPyTensors.Are(names) ? ReadGptPy(document.RootElement) : ReadGpt2(document.RootElement, path, names);
            configuration.Validate();
            return configuration;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or GptException { ErrorId: "ConfigurationInvalid" })
        {
            throw new GptException("ConfigurationFileInvalid", GptErrorKind.InvalidData,
                $"'{path}' does not describe a model that can be made: {exception.Message} It needs vocab_size, n_positions, n_embd, n_layer and n_head.", exception);
        }
    }

    /// <summary>The file for a configuration; what GPT-2 does not know is said under names of our own.</summary>
    public static byte[] Write(GptConfiguration c, int? endOfText)
    {
        var file = new JsonObject
        {
            ["model_type"] = "gpt2",
            ["architectures"] = new JsonArray("GPT2LMHeadModel"),
            ["vocab_size"] = c.VocabularySize,
            ["n_positions"] = c.ContextLength,
            ["n_ctx"] = c.ContextLength,
            ["n_embd"] = c.ChannelCount,
            ["n_layer"] = c.LayerCount,
            ["n_head"] = c.HeadCount,
            ["activation_function"] = ActivationNames.First(pair => pair.Activation == c.Activation).Name,
            ["layer_norm_epsilon"] = c.LayerNormEpsilon,
            ["tie_word_embeddings"] = c.HasTiedHead,
            ["attn_pdrop"] = c.Dropout,
            ["embd_pdrop"] = c.Dropout,
            ["resid_pdrop"] = c.Dropout,
            ["bias"] = c.HasBias,
        };
        if (endOfText is not null)
            (file["bos_token_id"], file["eos_token_id"]) = (endOfText, endOfText);
        return JsonSerializer.SerializeToUtf8Bytes(file, new JsonSerializerOptions { WriteIndented = true });
    }

    private static GptConfiguration ReadGpt2(JsonElement file, string path, IReadOnlyCollection<string> names)
    {
        if (Text(file, "model_type") is { } type && type != "gpt2")
        {
            throw new GptException("ArchitectureUnknown", GptErrorKind.NotSupported,
                $"'{path}' describes a model of type '{type}'. Only gpt2 can be read.");
        }

        // nanoGPT's own names: there GELU is always the exact one.
        var isNanoGpt = file.TryGetProperty("block_size", out var blockSize);
        var activation = Text(file, "activation_function") ?? (isNanoGpt ? "gelu" : "gelu_new");
        var known = ActivationNames.FirstOrDefault(pair => pair.Name == activation);
        if (known.Name is null)
        {
            throw new GptException("ArchitectureUnknown", GptErrorKind.NotSupported,
                $"'{path}' names the activation '{activation}'. Known are: {string.Join(", ", ActivationNames.Select(pair => pair.Name))}.");
        }

        RequireKnownArithmetic(file, path);
        return new GptConfiguration
        {
            VocabularySize = file.GetProperty("vocab_size").GetInt32(),
            ContextLength = (file.TryGetProperty("n_positions", out var positions) ? positions : isNanoGpt ? blockSize : file.GetProperty("n_ctx")).GetInt32(),
            LayerCount = file.GetProperty("n_layer").GetInt32(),
            HeadCount = file.GetProperty("n_head").GetInt32(),
            ChannelCount = file.GetProperty("n_embd").GetInt32(),
            Activation = known.Activation,
            LayerNormEpsilon = Number(file, "layer_norm_epsilon", 1e-5f),
            Dropout = Number(file, "resid_pdrop", Number(file, "dropout", 0)),
            HasBias = names.Contains("ln_f.bias"),
            HasQueryKeyValueBias = !names.Contains("ln_f.bias") || names.Contains("h.0.attn.c_attn.bias"),

            HasTiedHead = !names.Contains(HuggingFaceTensors.HeadName) || !file.TryGetProperty("tie_word_embeddings", out var tied) || tied.GetBoolean(),
            HasHeadBias = names.Contains("lm_head.bias"),
        };
    }

    /// <summary>Switches of transformers' GPT-2 that give other numbers from the same weights must not be passed over.</summary>
    private static void RequireKnownArithmetic(JsonElement file, string path)
    {
        (string Name, bool Known)[] switches = [("scale_attn_weights", true), ("scale_attn_by_inverse_layer_idx", false), ("add_cross_attention", false)];
        foreach (var (name, known) in switches)
        {
            if (file.TryGetProperty(name, out var value) && value.GetBoolean() != known)
            {
                throw new GptException("ArchitectureUnknown", GptErrorKind.NotSupported,
                    $"'{path}' sets '{name}' to {(known ? "false" : "true")}, which is not how GPT-2 computes. Only models that leave it out can be read.");
            }
        }
    }

    private static GptConfiguration ReadGptPy(JsonElement file) => new()
    {
        VocabularySize = file.GetProperty("vocab_size").GetInt32(),
        ContextLength = file.GetProperty("block_size").GetInt32(),
        LayerCount = file.GetProperty("n_layer").GetInt32(),
        HeadCount = file.GetProperty("n_head").GetInt32(),
        ChannelCount = file.GetProperty("n_embd").GetInt32(),
        Activation = ActivationFunction.Relu,
        Dropout = Number(file, "dropout", 0),
        HasQueryKeyValueBias = false,
        HasTiedHead = false,
        HasHeadBias = true,
    };

    private static string? Text(JsonElement file, string name) => file.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static float Number(JsonElement file, string name, float fallback) => file.TryGetProperty(name, out var value) ? value.GetSingle() : fallback;
}
