using PsGpt.Formats.Weights;
using PsGpt.Model;

namespace PsGpt.Formats.Gguf;

/// <summary>llama.cpp's names for the tensors of GPT-2. All matrices are stored (out, in), as in the engine.</summary>
internal static class GgufTensors
{
    /// <summary>The name of the token embedding.</summary>
    public const string TokenEmbeddingName = "token_embd.weight";

    /// <summary>The name of the position embedding.</summary>
    public const string PositionEmbeddingName = "position_embd.weight";

    /// <summary>The name of a head that is not the token embedding.</summary>
    public const string HeadName = "output.weight";

    private static readonly (string Name, string Tensor, bool IsTransposed)[] LayerNames =
    [
        ("attn_norm.weight", "ln1w", false),
        ("attn_norm.bias", "ln1b", false),
        ("attn_qkv.weight", "qkvw", false),
        ("attn_qkv.bias", "qkvb", false),
        ("attn_output.weight", "attprojw", false),
        ("attn_output.bias", "attprojb", false),
        ("ffn_norm.weight", "ln2w", false),
        ("ffn_norm.bias", "ln2b", false),
        ("ffn_up.weight", "fcw", false),
        ("ffn_up.bias", "fcb", false),
        ("ffn_down.weight", "fcprojw", false),
        ("ffn_down.bias", "fcprojb", false),
    ];

    /// <summary>The names of the tensors that every model of so many layers has.</summary>
    public static IEnumerable<string> NamesOf(int layerCount) =>
        (from layer in Enumerable.Range(0, layerCount)
         from name in LayerNames
         select $"blk.{layer}.{name.Name}").Concat([TokenEmbeddingName, PositionEmbeddingName, "output_norm.weight", "output_norm.bias"]);

    /// <summary>The tensors of a model.</summary>
    public static IEnumerable<TensorMapping> Of(GptModel model)
    {
        var (set, c) = (model.Storage, model.Configuration);
        yield return TensorMapping.Matrix(set, TokenEmbeddingName, "wte", c.VocabularySize, c.ChannelCount);
        yield return TensorMapping.Matrix(set, PositionEmbeddingName, "wpe", c.ContextLength, c.ChannelCount);
        foreach (var mapping in TensorMapping.Layers(model, LayerNames, "blk"))
            yield return mapping;
        yield return TensorMapping.Vector(set, "output_norm.weight", "lnfw", c.ChannelCount);
        yield return TensorMapping.Vector(set, "output_norm.bias", "lnfb", c.ChannelCount);
        if (!c.HasTiedHead)
            yield return TensorMapping.Matrix(set, HeadName, "lmheadw", c.VocabularySize, c.ChannelCount);
    }
}
