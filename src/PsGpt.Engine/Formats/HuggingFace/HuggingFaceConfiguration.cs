using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PsGpt.Kernels;
using PsGpt.Model;

namespace PsGpt.Formats.HuggingFace;

/// <summary>
/// <c>config.json</c> of a Hugging Face directory to the engine's configuration and back. Where the file is silent (nanoGPT's missing
/// biases, a head of its own), the tensors that are there decide.
/// </summary>
internal static partial class HuggingFaceConfiguration
{
    // The first name of a function is the one that is written.
    private static readonly (string Name, ActivationFunction Activation)[] ActivationNames =
    [
        ("gelu_new", ActivationFunction.GeluTanh),
        ("gelu_pytorch_tanh", ActivationFunction.GeluTanh),
        ("gelu_fast", ActivationFunction.GeluTanh),
        ("gelu_accurate", ActivationFunction.GeluTanh),
        ("gelu_python_tanh", ActivationFunction.GeluTanh),
        ("gelu", ActivationFunction.GeluErf),
        ("gelu_python", ActivationFunction.GeluErf),
        ("relu", ActivationFunction.Relu),
    ];

    /// <summary>Reads a configuration and compares it with the shapes of the weights.</summary>
    /// <param name="json">The content of the file.</param>
    /// <param name="path">What error messages call it.</param>
    /// <param name="weights">The weights that it belongs to.</param>
    /// <exception cref="GptException">
    /// <c>ConfigurationFileInvalid</c>, <c>ArchitectureUnknown</c>, <c>TensorMissing</c>, <c>TensorShapeMismatch</c>.
    /// </exception>
    public static GptConfiguration Read(byte[] json, string path, HuggingFaceWeights weights)
    {
        try
        {
            using var document = Parse(json);
            var values = ConfigurationValues.Of(document.RootElement, path);
            var isGptPy = GptPyTensors.Are(weights.Names);
            var configuration = isGptPy ? ReadGptPy(values) : ReadGpt2(values, path, weights);
            configuration.Validate();
            if (!isGptPy)
                RequireShapes(configuration, values, path, weights);
            return configuration;
        }
        catch (Exception exception) when (
            exception is JsonException or InvalidOperationException or GptException { ErrorId: "ConfigurationInvalid" })
        {
            throw Invalid(path, exception);
        }
    }

    /// <summary>Refuses another architecture before its weights are there.</summary>
    /// <param name="json">The content of the file.</param>
    /// <param name="path">What error messages call it.</param>
    /// <exception cref="GptException"><c>ArchitectureUnknown</c>, <c>ConfigurationFileInvalid</c>.</exception>
    public static void RequireGpt2(byte[] json, string path)
    {
        try
        {
            using var document = Parse(json);
            RequireGpt2(ConfigurationValues.Of(document.RootElement, path), path);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Invalid(path, exception);
        }
    }

    /// <summary>The file for a configuration; options that GPT-2 does not have are under names of our own.</summary>
    /// <param name="c">The configuration.</param>
    /// <param name="endOfText">The ids that end a text.</param>
    public static byte[] Write(GptConfiguration c, IReadOnlyList<int> endOfText)
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
        if (c.OwnFeedForwardWidth is { } width)
            file["n_inner"] = width;
        if (endOfText is [var first, ..])
        {
            file["bos_token_id"] = first;
            file["eos_token_id"] = endOfText is [_] ? first : new JsonArray([.. endOfText.Select(id => JsonValue.Create(id))]);
        }

        return JsonSerializer.SerializeToUtf8Bytes(file, new JsonSerializerOptions { WriteIndented = true });
    }

    private static GptException Invalid(string path, Exception inner) => new("ConfigurationFileInvalid", GptErrorKind.InvalidData,
        $"'{path}' does not describe a model that can be made: {inner.Message} "
        + "It needs vocab_size, n_positions, n_embd, n_layer and n_head.",
        inner);

    /// <summary>JSON with comments, commas at ends, and the numbers that Python writes for those that are none.</summary>
    private static JsonDocument Parse(byte[] json)
    {
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        try
        {
            return JsonDocument.Parse(json, options);
        }
        catch (JsonException) when (NotANumber().IsMatch(Encoding.UTF8.GetString(json)))
        {
            // As texts they are named with their key where they are asked for.
            return JsonDocument.Parse(NotANumber().Replace(Encoding.UTF8.GetString(json), ": \"$1\""), options);
        }
    }

    /// <summary>The activation of a GPT-2, after everything else that could make it another architecture.</summary>
    private static ActivationFunction RequireGpt2(ConfigurationValues values, string path)
    {
        if (values.Text("model_type") is { } type && type != "gpt2")
        {
            throw new GptException("ArchitectureUnknown", GptErrorKind.NotSupported,
                $"'{path}' describes a model of type '{type}'. Only gpt2 can be read.");
        }

        // nanoGPT's own names: there GELU is always the exact one.
        var activation = values.Text("activation_function") ?? (values.Has("block_size") ? "gelu" : "gelu_new");
        var known = Array.Find(ActivationNames, pair => pair.Name == activation);
        if (known.Name is null)
        {
            throw new GptException("ArchitectureUnknown", GptErrorKind.NotSupported,
                $"'{path}' names the activation '{activation}'. Known are: "
                + $"{string.Join(", ", ActivationNames.Select(pair => pair.Name))}.");
        }

        RequireKnownArithmetic(values, path);
        return known.Activation;
    }

    private static GptConfiguration ReadGpt2(ConfigurationValues values, string path, HuggingFaceWeights weights)
    {
        var activation = RequireGpt2(values, path);
        var names = weights.Names;
        var hasBias = names.Contains("ln_f.bias") || names.Contains("h.0.ln_1.bias");
        if (values.Integer("n_head") is > 0 and var heads && values.Integer("n_embd") % heads != 0)
        {
            throw new GptException("ConfigurationFileInvalid", GptErrorKind.InvalidData,
                $"'{path}' sets {values.NameOf("n_head")} to {heads}, which does not divide {values.NameOf("n_embd")}, "
                + $"{values.Integer("n_embd")}. Correct the key that is wrong.");
        }

        return new GptConfiguration
        {
            VocabularySize = values.Integer("vocab_size"),
            ContextLength = values.Integer("n_positions"),
            LayerCount = values.Integer("n_layer"),
            HeadCount = values.Integer("n_head"),
            ChannelCount = values.Integer("n_embd"),
            OwnFeedForwardWidth = values.FindInteger("n_inner") is { } width && width != 4L * values.Integer("n_embd") ? width : null,
            Activation = activation,
            LayerNormEpsilon = values.Single("layer_norm_epsilon", 1e-5f),
            Dropout = values.Single("resid_pdrop", 0),
            HasBias = hasBias,
            HasQueryKeyValueBias = !hasBias || names.Contains("h.0.attn.c_attn.bias"),
            HasTiedHead = IsTied(values, weights),
            HasHeadBias = names.Contains("lm_head.bias"),
        };
    }

    /// <summary>A head of the file is only left out where it equals the embedding and the configuration does not keep them apart.</summary>
    private static bool IsTied(ConfigurationValues values, HuggingFaceWeights weights) =>
        !weights.Names.Contains(HuggingFaceTensors.HeadName)
        || (values.Boolean("tie_word_embeddings") != false && !weights.Names.Contains("lm_head.bias") && weights.HeadEqualsEmbedding);

    /// <summary>Names the key that the weights contradict, before anything is added up or allocated.</summary>
    private static void RequireShapes(GptConfiguration c, ConfigurationValues values, string path, HuggingFaceWeights weights)
    {
        void RequireSize(string key, long claimed, string tensor, int dimension)
        {
            var shape = weights.ShapeOf(tensor);
            if (shape.Length == 2 && shape[dimension] != claimed)
                throw Mismatch(values.NameOf(key), claimed, $"the tensor '{tensor}' is ({string.Join(", ", shape)})", path, weights);
        }

        RequireSize("vocab_size", c.VocabularySize, HuggingFaceTensors.TokenEmbeddingName, 0);
        RequireSize("n_embd", c.ChannelCount, HuggingFaceTensors.TokenEmbeddingName, 1);
        RequireSize("n_positions", c.ContextLength, "wpe.weight", 0);
        var up = weights.ShapeOf("h.0.mlp.c_fc.weight");
        if (up.Length == 2 && Math.Max(up[0], up[1]) != Math.Max(c.ChannelCount, c.FeedForwardWidth))
        {
            var found = $"the tensor 'h.0.mlp.c_fc.weight' is ({string.Join(", ", up)})";
            throw Mismatch(values.NameOf("n_inner"), c.FeedForwardWidth, found, path, weights);
        }

        var layers = weights.Names
            .Where(name => name.StartsWith("h.", StringComparison.Ordinal)).Select(name => name.Split('.')[1]).Distinct().Count();
        if (layers != c.LayerCount)
            throw Mismatch(values.NameOf("n_layer"), c.LayerCount, $"there are {layers} layers", path, weights);
    }

    private static GptException Mismatch(string key, long claimed, string found, string path, HuggingFaceWeights weights) =>
        new("TensorShapeMismatch", GptErrorKind.InvalidData,
            $"'{path}' sets {key} to {claimed}, but in '{weights.Path}' {found}. "
            + "Correct the key, or get the two files that belong together.");

    /// <summary>Switches of transformers' GPT-2 that give other numbers from the same weights must not be passed over.</summary>
    private static void RequireKnownArithmetic(ConfigurationValues values, string path)
    {
        (string Name, bool Known)[] switches =
            [("scale_attn_weights", true), ("scale_attn_by_inverse_layer_idx", false), ("add_cross_attention", false)];
        foreach (var (name, known) in switches)
        {
            if (values.Boolean(name) is { } value && value != known)
            {
                throw new GptException("ArchitectureUnknown", GptErrorKind.NotSupported,
                    $"'{path}' sets '{name}' to {(known ? "false" : "true")}, which is not how GPT-2 computes. "
                    + "Only models that leave it out can be read.");
            }
        }
    }

    private static GptConfiguration ReadGptPy(ConfigurationValues values) => new()
    {
        VocabularySize = values.Integer("vocab_size"),
        ContextLength = values.Integer("n_positions"),
        LayerCount = values.Integer("n_layer"),
        HeadCount = values.Integer("n_head"),
        ChannelCount = values.Integer("n_embd"),
        Activation = ActivationFunction.Relu,
        Dropout = values.Single("resid_pdrop", 0),
        HasQueryKeyValueBias = false,
        HasTiedHead = false,
        HasHeadBias = true,
    };

    [GeneratedRegex(@":\s*(-?Infinity|NaN)\b")]
    private static partial Regex NotANumber();
}
