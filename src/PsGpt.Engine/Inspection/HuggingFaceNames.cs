using PsGpt.Model;

namespace PsGpt.Inspection;

/// <summary>Hugging Face's names of GPT-2's tensors (transformers, <c>modeling_gpt2.py</c>).</summary>
internal static class HuggingFaceNames
{
    /// <summary>The tensors outside the layers.</summary>
    public static IReadOnlyList<(string Own, string Foreign, bool IsAfterLayers)> Outer { get; } =
    [
        (ParameterNames.TokenEmbedding, "wte.weight", false),
        (ParameterNames.PositionEmbedding, "wpe.weight", false),
        (ParameterNames.FinalNormWeight, "ln_f.weight", true),
        (ParameterNames.FinalNormBias, "ln_f.bias", true),
        (ParameterNames.HeadWeight, "lm_head.weight", true),
        (ParameterNames.HeadBias, "lm_head.bias", true),
    ];

    /// <summary>The tensors of a layer, behind <c>h.N.</c>; its Conv1D weights are stored (in, out), so ours are transposed.</summary>
    public static IReadOnlyList<(string Own, string Foreign, bool IsTransposed)> InLayer { get; } =
    [
        (ParameterNames.Norm1Weight, "ln_1.weight", false),
        (ParameterNames.Norm1Bias, "ln_1.bias", false),
        (ParameterNames.QueryKeyValueWeight, "attn.c_attn.weight", true),
        (ParameterNames.QueryKeyValueBias, "attn.c_attn.bias", false),
        (ParameterNames.AttentionProjectionWeight, "attn.c_proj.weight", true),
        (ParameterNames.AttentionProjectionBias, "attn.c_proj.bias", false),
        (ParameterNames.Norm2Weight, "ln_2.weight", false),
        (ParameterNames.Norm2Bias, "ln_2.bias", false),
        (ParameterNames.FeedForwardUpWeight, "mlp.c_fc.weight", true),
        (ParameterNames.FeedForwardUpBias, "mlp.c_fc.bias", false),
        (ParameterNames.FeedForwardDownWeight, "mlp.c_proj.weight", true),
        (ParameterNames.FeedForwardDownBias, "mlp.c_proj.bias", false),
    ];
}
