using PsGpt.Kernels;
using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>
/// Reads one stream of tokens and tells after each what may follow. It keeps the keys and values of what it has read, so that
/// a token costs one row of arithmetic. Not for use from several threads at once.
/// </summary>
public sealed unsafe class GptDecoder : IDisposable
{
    private readonly IKernels kernels;
    private readonly GptConfiguration configuration;
    private readonly LayerParameters[] layers;
    private readonly KeyValueCache cache;
    private readonly Activations oneRow;
    private readonly NativeBlock logits;

    /// <summary>Allocates the cache.</summary>
    /// <param name="model">The model; it must outlive the decoder.</param>
    /// <exception cref="GptException"><c>OutOfMemory</c>.</exception>
    public GptDecoder(GptModel model)
        : this(model, KernelCatalog.Default)
    {
    }

    internal GptDecoder(GptModel model, IKernels kernels)
    {
        ArgumentNullException.ThrowIfNull(model);
        (Model, configuration, this.kernels) = (model, model.Configuration, kernels);
        layers = LayerParameters.All(model.Parameters, configuration.LayerCount);
        cache = new KeyValueCache(configuration);
        oneRow = new Activations(configuration, 1, forTraining: false);
        logits = new NativeBlock(configuration.VocabularySize);
    }

    /// <summary>The model that the decoder belongs to.</summary>
    public GptModel Model { get; }

    /// <summary>How many tokens have been read; at most the model's context length.</summary>
    public int Position { get; private set; }

    /// <summary>Forgets everything that was read.</summary>
    public void Reset() => Position = 0;

    /// <summary>Reads tokens. After an exception the position is where it was.</summary>
    /// <param name="tokens">At least one id.</param>
    /// <param name="cancellationToken">Stops the call within one layer's work.</param>
    /// <returns>The logits (V) of what follows the last token; valid until the next call.</returns>
    /// <exception cref="GptException"><c>ContextExceeded</c>, <c>TokenOutsideVocabulary</c>.</exception>
    public ReadOnlySpan<float> Append(ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(tokens.Length);
        TokenCheck.RequireInVocabulary(tokens, configuration.VocabularySize);
        if (tokens.Length > configuration.ContextLength - Position)
        {
            throw new GptException("ContextExceeded", GptErrorKind.LimitExceeded,
                $"{Position} tokens have been read and {tokens.Length} more would pass the model's context of {configuration.ContextLength}. Give fewer tokens, or start again with the last ones.");
        }

        if (tokens.Length == 1)
        {
            Read(tokens, oneRow, cancellationToken);
        }
        else
        {
            using var rows = new Activations(configuration, tokens.Length, forTraining: false);
            Read(tokens, rows, cancellationToken);
        }

        Position += tokens.Length;
        return new(logits.Pointer, configuration.VocabularySize);
    }

    /// <summary>Frees the memory; the model stays.</summary>
    public void Dispose()
    {
        cache.Dispose();
        oneRow.Dispose();
        logits.Dispose();
    }

    private void Read(ReadOnlySpan<int> tokens, Activations rows, CancellationToken cancellationToken)
    {
        var (parameters, C, rowCount) = (Model.Parameters, configuration.ChannelCount, tokens.Length);
        var residual = rows.Embedded.Pointer;
        fixed (int* ids = tokens)
            kernels.EmbeddingForward(residual, ids, parameters.PointerTo("wte"), parameters.PointerTo("wpe"), 1, rowCount, Position, C);
        for (var layer = 0; layer < layers.Length; layer++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadLayer(layer, residual, rows.Layers[layer], rowCount);
            residual = rows.Layers[layer].Residual;
        }

        var last = residual + ((nint)(rowCount - 1) * C);
        kernels.LayerNormForward(
            rows.NormFinal.Pointer, rows.MeanFinal.Pointer, rows.DeviationFinal.Pointer, last, parameters.PointerTo("lnfw"), parameters.PointerTo("lnfb"), 1, C, configuration.LayerNormEpsilon);
        kernels.MatMulForward(
            logits.Pointer, rows.NormFinal.Pointer, parameters.PointerTo(configuration.HeadWeightName), parameters.PointerTo("lmheadb"), residual: null, 1, C, configuration.VocabularySize);
    }

    private void ReadLayer(int layer, float* residual, in LayerActivations values, int rowCount)
    {
        ref readonly var weights = ref layers[layer];
        var (C, epsilon) = (configuration.ChannelCount, configuration.LayerNormEpsilon);
        kernels.LayerNormForward(values.Norm1, values.Mean1, values.Deviation1, residual, weights.Norm1Weight, weights.Norm1Bias, rowCount, C, epsilon);
        kernels.MatMulForward(values.QueryKeyValue, values.Norm1, weights.QueryKeyValueWeight, weights.QueryKeyValueBias, residual: null, rowCount, C, 3 * C);
        cache.Store(layer, Position, values.QueryKeyValue, rowCount);
        Attend(layer, values, rowCount);
        kernels.MatMulForward(values.Middle, values.Attention, weights.ProjectionWeight, weights.ProjectionBias, residual, rowCount, C, C);
        kernels.LayerNormForward(values.Norm2, values.Mean2, values.Deviation2, values.Middle, weights.Norm2Weight, weights.Norm2Bias, rowCount, C, epsilon);
        kernels.MatMulActivationForward(values.Expanded, values.Activated, values.Norm2, weights.ExpandWeight, weights.ExpandBias, configuration.Activation, rowCount, C, 4 * C);
        kernels.MatMulForward(values.Residual, values.Activated, weights.ContractWeight, weights.ContractBias, values.Middle, rowCount, 4 * C, C);
    }

    private void Attend(int layer, in LayerActivations values, int rowCount)
    {
        nint C = configuration.ChannelCount;
        if (Position == 0 && rowCount > 1)
        {
            // A prompt sees only itself: one pass over tiles, as in training.
            kernels.AttentionForward(values.Attention, values.LogSumExp, values.QueryKeyValue, 1, rowCount, configuration.HeadCount, (int)C, default, dropoutRate: 0);
            return;
        }

        for (var row = 0; row < rowCount; row++)
        {
            kernels.AttentionDecode(
                values.Attention + (row * C), values.QueryKeyValue + (row * 3 * C), cache.Keys(layer), cache.Values(layer), Position + row + 1, configuration.HeadCount, (int)C);
        }
    }
}
