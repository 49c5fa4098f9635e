using PsGpt.Formats.Weights;
using PsGpt.Model;

namespace PsGpt.Formats.HuggingFace;

/// <summary>Hugging Face's names for the tensors of GPT-2, with the place of each in the engine.</summary>
internal static class HuggingFaceTensors
{
    /// <summary>The name of the token embedding.</summary>
    public const string TokenEmbeddingName = "wte.weight";

    /// <summary>The name of the head, which files of tied models may carry too, as a copy.</summary>
    public const string HeadName = "lm_head.weight";

    // Attention masks and positions, which some versions save beside the weights.
    private static readonly string[] BufferEndings = [".attn.bias", ".attn.masked_bias", ".tril", "position_ids"];

    // Whether the matrix is stored (in, out), as transformers' Conv1D, and so transposed.
    private static readonly (string Name, string Tensor, bool IsConv1D)[] LayerNames =
    [
        ("ln_1.weight", "ln1w", false),
        ("ln_1.bias", "ln1b", false),
        ("attn.c_attn.weight", "qkvw", true),
        ("attn.c_attn.bias", "qkvb", false),
        ("attn.c_proj.weight", "attprojw", true),
        ("attn.c_proj.bias", "attprojb", false),
        ("ln_2.weight", "ln2w", false),
        ("ln_2.bias", "ln2b", false),
        ("mlp.c_fc.weight", "fcw", true),
        ("mlp.c_fc.bias", "fcb", false),
        ("mlp.c_proj.weight", "fcprojw", true),
        ("mlp.c_proj.bias", "fcprojb", false),
    ];

    private static readonly (string Name, string Tensor)[] OuterNames =
    [
        (TokenEmbeddingName, "wte"), ("wpe.weight", "wpe"), ("ln_f.weight", "lnfw"), ("ln_f.bias", "lnfb"), (HeadName, "lmheadw"),
        ("lm_head.bias", "lmheadb"),
    ];

    private static readonly string[] WeightBeginnings =
        ["wte.", "wpe.", "h.", "ln_f.", "lm_head.", "blocks.", "token_embedding_table.", "position_embedding_table."];

    /// <summary>Whether a tensor of that name belongs to a language model: it is neither a mask nor the head of another task.</summary>
    public static bool IsWeight(string name) =>
        WeightBeginnings.Any(beginning => name.StartsWith(beginning, StringComparison.Ordinal)) && !IsBuffer(name);

    /// <summary>Whether a tensor of that name is none that was trained.</summary>
    public static bool IsBuffer(string name) => BufferEndings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal));

    /// <summary>The names of all tensors of a model, before it is made.</summary>
    public static IEnumerable<string> NamesOf(GptConfiguration configuration)
    {
        var tensors = configuration.GetParameterShapes().Select(shape => shape.Name).ToHashSet(StringComparer.Ordinal);
        for (var layer = 0; layer < configuration.LayerCount; layer++)
        {
            foreach (var (name, tensor, _) in LayerNames)
            {
                if (tensors.Contains(tensor))
                    yield return $"h.{layer}.{name}";
            }
        }

        foreach (var (name, tensor) in OuterNames)
        {
            if (tensors.Contains(tensor))
                yield return name;
        }
    }

    /// <summary>The tensors of a model, without a prefix.</summary>
    /// <param name="model">The model.</param>
    /// <param name="areLinear">Whether the four matrices of a layer are stored (out, in), not (in, out) as transformers' Conv1D.</param>
    public static IEnumerable<TensorMapping> Of(GptModel model, bool areLinear = false)
    {
        var (set, c) = (model.Storage, model.Configuration);
        yield return TensorMapping.Matrix(set, TokenEmbeddingName, "wte", c.VocabularySize, c.ChannelCount);
        yield return TensorMapping.Matrix(set, "wpe.weight", "wpe", c.ContextLength, c.ChannelCount);
        var layerNames = Array.ConvertAll(LayerNames, name => (name.Name, name.Tensor, name.IsConv1D && !areLinear));
        foreach (var mapping in TensorMapping.Layers(model, layerNames, "h"))
            yield return mapping;
        foreach (var mapping in Head(model))
            yield return mapping;
    }

    /// <summary>The last norm, and the head where it is not the token embedding.</summary>
    public static IEnumerable<TensorMapping> Head(GptModel model)
    {
        var (set, c) = (model.Storage, model.Configuration);
        yield return TensorMapping.Vector(set, "ln_f.weight", "lnfw", c.ChannelCount);
        if (c.HasBias)
            yield return TensorMapping.Vector(set, "ln_f.bias", "lnfb", c.ChannelCount);
        if (!c.HasTiedHead)
            yield return TensorMapping.Matrix(set, HeadName, "lmheadw", c.VocabularySize, c.ChannelCount);
        if (c.HasHeadBias)
            yield return TensorMapping.Vector(set, "lm_head.bias", "lmheadb", c.VocabularySize);
    }
}
