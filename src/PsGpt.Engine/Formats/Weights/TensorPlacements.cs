using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Formats;

/// <summary>The names that other programs give to a model's tensors, with the place of each.</summary>
internal static class TensorPlacements
{
    // Masks of attention, which some versions save beside the weights.
    private static readonly string[] MaskEndings = [".attn.bias", ".attn.masked_bias", ".tril"];

    private static readonly string[] WeightBeginnings = ["wte.", "wpe.", "h.", "ln_f.", "lm_head.", "blocks.", "token_embedding_table.", "position_embedding_table."];

    /// <summary>The name of the token embedding.</summary>
    public const string TokenEmbeddingName = "wte.weight";

    /// <summary>The name of the head, which files of tied models may carry too, as a copy.</summary>
    public const string HeadName = "lm_head.weight";

    /// <summary>Whether a tensor of that name is a language model's own, neither a mask nor the head of another task.</summary>
    public static bool IsWeight(string name) =>
        WeightBeginnings.Any(beginning => name.StartsWith(beginning, StringComparison.Ordinal))
        && !MaskEndings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal));

    /// <summary>Whether the names of a file are those of <see cref="GptPy"/>.</summary>
    public static bool AreGptPy(IReadOnlyCollection<string> names) => names.Contains("token_embedding_table.weight");

    /// <summary>Hugging Face's names for GPT-2, without the prefix; the four matrices of a layer are stored (in, out), or (out, in) where they are linear layers.</summary>
    public static IEnumerable<TensorPlacement> HuggingFace(GptModel model, bool areLinear = false)
    {
        var (set, c) = (model.Parameters, model.Configuration);
        yield return Matrix(set, TokenEmbeddingName, "wte", c.VocabularySize, c.ChannelCount);
        yield return Matrix(set, "wpe.weight", "wpe", c.ContextLength, c.ChannelCount);
        (string Name, string Tensor, bool IsTransposed)[] layerNames =
        [
            ("ln_1.weight", "ln1w", false), ("ln_1.bias", "ln1b", false), ("attn.c_attn.weight", "qkvw", !areLinear), ("attn.c_attn.bias", "qkvb", false),
            ("attn.c_proj.weight", "attprojw", !areLinear), ("attn.c_proj.bias", "attprojb", false), ("ln_2.weight", "ln2w", false), ("ln_2.bias", "ln2b", false),
            ("mlp.c_fc.weight", "fcw", !areLinear), ("mlp.c_fc.bias", "fcb", false), ("mlp.c_proj.weight", "fcprojw", !areLinear), ("mlp.c_proj.bias", "fcprojb", false),
        ];
        foreach (var placement in Layers(model, layerNames, "h"))
            yield return placement;
        foreach (var placement in Head(model))
            yield return placement;
    }

    /// <summary>GGUF's names for GPT-2; all matrices are stored (out, in), as the engine has them.</summary>
    public static IEnumerable<TensorPlacement> Gguf(GptModel model)
    {
        var (set, c) = (model.Parameters, model.Configuration);
        yield return Matrix(set, GgufFormat.TokenEmbeddingName, "wte", c.VocabularySize, c.ChannelCount);
        yield return Matrix(set, GgufFormat.PositionEmbeddingName, "wpe", c.ContextLength, c.ChannelCount);
        (string Name, string Tensor, bool IsTransposed)[] layerNames =
        [
            ("attn_norm.weight", "ln1w", false), ("attn_norm.bias", "ln1b", false), ("attn_qkv.weight", "qkvw", false), ("attn_qkv.bias", "qkvb", false),
            ("attn_output.weight", "attprojw", false), ("attn_output.bias", "attprojb", false), ("ffn_norm.weight", "ln2w", false), ("ffn_norm.bias", "ln2b", false),
            ("ffn_up.weight", "fcw", false), ("ffn_up.bias", "fcb", false), ("ffn_down.weight", "fcprojw", false), ("ffn_down.bias", "fcprojb", false),
        ];
        foreach (var placement in Layers(model, layerNames, "blk"))
            yield return placement;
        yield return Vector(set, "output_norm.weight", "lnfw", c.ChannelCount);
        yield return Vector(set, "output_norm.bias", "lnfb", c.ChannelCount);
        if (!c.HasTiedHead)
            yield return Matrix(set, GgufFormat.HeadName, "lmheadw", c.VocabularySize, c.ChannelCount);
    }

    /// <summary>The names of ng-video-lecture's gpt.py: queries, keys and values are one matrix (head size, C) per head.</summary>
    public static IEnumerable<TensorPlacement> GptPy(GptModel model)
    {
        var (set, c) = (model.Parameters, model.Configuration);
        yield return Matrix(set, "token_embedding_table.weight", "wte", c.VocabularySize, c.ChannelCount);
        yield return Matrix(set, "position_embedding_table.weight", "wpe", c.ContextLength, c.ChannelCount);
        (string Name, string Tensor, bool IsTransposed)[] layerNames =
        [
            ("ln1.weight", "ln1w", false), ("ln1.bias", "ln1b", false), ("sa.proj.weight", "attprojw", false), ("sa.proj.bias", "attprojb", false),
            ("ln2.weight", "ln2w", false), ("ln2.bias", "ln2b", false), ("ffwd.net.0.weight", "fcw", false), ("ffwd.net.0.bias", "fcb", false),
            ("ffwd.net.2.weight", "fcprojw", false), ("ffwd.net.2.bias", "fcprojb", false),
        ];
        foreach (var placement in Layers(model, layerNames, "blocks"))
            yield return placement;
        string[] parts = ["query", "key", "value"];
        for (var layer = 0; layer < c.LayerCount; layer++)
        {
            for (var row = 0; row < 3 * c.ChannelCount; row += c.HeadSize)
            {
                var name = $"blocks.{layer}.sa.heads.{row % c.ChannelCount / c.HeadSize}.{parts[row / c.ChannelCount]}.weight";
                yield return new(name, c.HeadSize, c.ChannelCount, set["qkvw"], (((nint)layer * 3 * c.ChannelCount) + row) * c.ChannelCount, IsVector: false, IsTransposed: false);
            }
        }

        foreach (var placement in Head(model))
            yield return placement;
    }

    private static IEnumerable<TensorPlacement> Layers(GptModel model, (string Name, string Tensor, bool IsTransposed)[] names, string prefix)
    {
        for (var layer = 0; layer < model.Configuration.LayerCount; layer++)
        {
            foreach (var (name, tensorName, isTransposed) in names)
            {
                if (model.Parameters.Find(tensorName) is not { } tensor)
                    continue;
                var isVector = tensor.Sizes.Count == 2;
                var (rows, columns) = isVector ? (1, tensor.Sizes[1]) : isTransposed ? (tensor.Sizes[2], tensor.Sizes[1]) : (tensor.Sizes[1], tensor.Sizes[2]);
                yield return new($"{prefix}.{layer}.{name}", rows, columns, tensor, (nint)layer * rows * columns, isVector, isTransposed);
            }
        }
    }

    private static IEnumerable<TensorPlacement> Head(GptModel model)
    {
        var (set, c) = (model.Parameters, model.Configuration);
        yield return Vector(set, "ln_f.weight", "lnfw", c.ChannelCount);
        if (c.HasBias)
            yield return Vector(set, "ln_f.bias", "lnfb", c.ChannelCount);
        if (!c.HasTiedHead)
            yield return Matrix(set, HeadName, "lmheadw", c.VocabularySize, c.ChannelCount);
        if (c.HasHeadBias)
            yield return Vector(set, "lm_head.bias", "lmheadb", c.VocabularySize);
    }

    private static TensorPlacement Matrix(TensorSet set, string name, string tensorName, int rows, int columns) =>
        new(name, rows, columns, set[tensorName], 0, IsVector: false, IsTransposed: false);

    private static TensorPlacement Vector(TensorSet set, string name, string tensorName, int columns) =>
        new(name, 1, columns, set[tensorName], 0, IsVector: true, IsTransposed: false);
}
