using PsGpt.Kernels;
using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>
/// The architecture of a model. The defaults are GPT-2's: biases everywhere, tanh GELU, the head tied to the token embedding.
/// </summary>
/// <remarks>Legend: V vocabulary, Vp padded vocabulary, P context length, L layers, C channels.</remarks>
public sealed record GptConfiguration
{
    private static readonly ValueCheck Values =
        new("ConfigurationInvalid", GptErrorKind.InvalidArgument, "The model cannot be made", "Give sizes that fit together.");

    /// <summary>V: a valid token id is 0 … V − 1. At least 1.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>P: the longest sequence that the model takes, in tokens. At least 1.</summary>
    public required int ContextLength { get; init; }

    /// <summary>L: the number of blocks. At least 1.</summary>
    public required int LayerCount { get; init; }

    /// <summary>The number of attention heads; divides <see cref="ChannelCount"/>.</summary>
    public required int HeadCount { get; init; }

    /// <summary>C: the width of the residual stream.</summary>
    public required int ChannelCount { get; init; }

    /// <summary>F where it is not 4 · C (transformers' <c>n_inner</c>); null otherwise.</summary>
    public int? OwnFeedForwardWidth { get; init; }

    /// <summary>F: the width of the feed-forward part, 4 · C unless a model has its own.</summary>
    public int FeedForwardWidth => OwnFeedForwardWidth ?? 4 * ChannelCount;

    /// <summary>The non-linearity of the feed-forward part.</summary>
    public ActivationFunction Activation { get; init; } = ActivationFunction.GeluTanh;

    /// <summary>Whether norms and matrices have a bias (nanoGPT's <c>bias</c>).</summary>
    public bool HasBias { get; init; } = true;

    /// <summary>Whether queries, keys and values have a bias; false in gpt.py, which has biases elsewhere.</summary>
    public bool HasQueryKeyValueBias { get; init; } = true;

    /// <summary>Whether the head is the token embedding; otherwise the model has <c>lmheadw</c> of its own.</summary>
    public bool HasTiedHead { get; init; } = true;

    /// <summary>Whether a head of its own has a bias, <c>lmheadb</c> (gpt.py).</summary>
    public bool HasHeadBias { get; init; }

    /// <summary>
    /// The share of values that training sets to 0 after the embedding, in the attention and before each residual sum; 0 … below 1.
    /// </summary>
    public float Dropout { get; init; }

    /// <summary>The number that a layer norm adds to the variance.</summary>
    public float LayerNormEpsilon { get; init; } = 1e-5f;

    /// <summary>Vp: V rounded up to a multiple of 128, as llm.c stores it. Nothing outside the engine sees the padding.</summary>
    public int PaddedVocabularySize => (VocabularySize + 127) / 128 * 128;

    /// <summary>The width of one head, C / heads.</summary>
    public int HeadSize => ChannelCount / HeadCount;

    /// <summary>The tensor that turns the last norm into logits.</summary>
    internal string HeadWeightName => HasTiedHead ? ParameterNames.TokenEmbedding : ParameterNames.HeadWeight;

    /// <summary>The number of parameters, without padding; a tied head counts once.</summary>
    public long ParameterCount =>
        GetParameterShapes().Sum(shape => (long)shape.Length)
        - ((long)(PaddedVocabularySize - VocabularySize) * (ChannelCount * (HasTiedHead ? 1 : 2) + (HasHeadBias ? 1 : 0)));

    /// <summary>Checks that the numbers fit together.</summary>
    /// <exception cref="GptException"><c>ConfigurationInvalid</c>.</exception>
    public void Validate()
    {
        Values.Require(VocabularySize is >= 1 and <= 1 << 24, $"the vocabulary size {VocabularySize} is not 1 to 16777216");
        Values.Require(ContextLength is >= 1 and <= 1 << 20, $"the context length {ContextLength} is not 1 to 1048576");
        Values.Require(LayerCount is >= 1 and <= 1024, $"the layer count {LayerCount} is not 1 to 1024");
        Values.Require(ChannelCount is >= 1 and <= 1 << 16, $"the channel count {ChannelCount} is not 1 to 65536");
        Values.Require(FeedForwardWidth is >= 1 and <= 1 << 18, $"the feed-forward width {FeedForwardWidth} is not 1 to 262144");
        Values.Require(HeadCount >= 1 && HeadCount <= ChannelCount && ChannelCount % HeadCount == 0,
            $"the head count {HeadCount} does not divide the channel count {ChannelCount}");
        Values.Require(Dropout is >= 0 and < 1, $"the dropout rate {Dropout} is not 0 to below 1");
        Values.Require(LayerNormEpsilon is > 0 and < 1, $"the layer norm epsilon {LayerNormEpsilon} is not between 0 and 1");
        Values.Require(!HasHeadBias || !HasTiedHead, $"a tied head has no bias");
    }

    /// <summary>
    /// The parameters in llm.c's order, each stacked over the layers; weights are stored (out, in). Those that the variant lacks
    /// are left out; a head of its own comes last.
    /// </summary>
    public IReadOnlyList<TensorShape> GetParameterShapes()
    {
        var (Vp, C) = (PaddedVocabularySize, ChannelCount);
        List<TensorShape?> shapes =
        [
            new(ParameterNames.TokenEmbedding, Vp, C) { Role = TensorRole.TokenEmbedding },
            new(ParameterNames.PositionEmbedding, ContextLength, C) { Role = TensorRole.PositionEmbedding },
            Stacked(ParameterNames.Norm1Weight, TensorRole.Norm, C),
            StackedBias(ParameterNames.Norm1Bias, C),
            Stacked(ParameterNames.QueryKeyValueWeight, TensorRole.QueryKeyValueMatrix, 3 * C, C),
            HasQueryKeyValueBias ? StackedBias(ParameterNames.QueryKeyValueBias, 3 * C) : null,
            Stacked(ParameterNames.AttentionProjectionWeight, TensorRole.ResidualMatrix, C, C),
            StackedBias(ParameterNames.AttentionProjectionBias, C),
            Stacked(ParameterNames.Norm2Weight, TensorRole.Norm, C),
            StackedBias(ParameterNames.Norm2Bias, C),
            Stacked(ParameterNames.FeedForwardUpWeight, TensorRole.HiddenMatrix, FeedForwardWidth, C),
            StackedBias(ParameterNames.FeedForwardUpBias, FeedForwardWidth),
            Stacked(ParameterNames.FeedForwardDownWeight, TensorRole.ResidualMatrix, C, FeedForwardWidth),
            StackedBias(ParameterNames.FeedForwardDownBias, C),
            new(ParameterNames.FinalNormWeight, C) { Role = TensorRole.Norm },
            HasBias ? new(ParameterNames.FinalNormBias, C) { Role = TensorRole.Bias } : null,
            HasTiedHead ? null : new(ParameterNames.HeadWeight, Vp, C) { Role = TensorRole.Head },
            HasHeadBias ? new(ParameterNames.HeadBias, Vp) { Role = TensorRole.Bias } : null,
        ];
        return [.. shapes.OfType<TensorShape>()];
    }

    private TensorShape Stacked(string name, TensorRole role, params int[] sizes) =>
        new(name, [LayerCount, .. sizes]) { Role = role, IsStacked = true };

    private TensorShape? StackedBias(string name, int size) => HasBias ? Stacked(name, TensorRole.Bias, size) : null;
}
