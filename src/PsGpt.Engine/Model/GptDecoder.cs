using PsGpt.Kernels;
using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>
/// Reads one stream of tokens and gives the logits of the token that follows. It keeps the keys and values of the tokens it has read,
/// so that a token costs one row of arithmetic. Not for use from several threads at once.
/// </summary>
public sealed unsafe class GptDecoder : IDisposable
{
    private readonly IKernels kernels;
    private readonly GptConfiguration configuration;
    private readonly GptParameters parameters;
    private readonly CachedAttention attention;
    private readonly TransformerLayer transformerLayer;
    private readonly Activations oneRow;
    private readonly NativeBlock logits;
    private bool isDisposed;

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
        parameters = new GptParameters(model.Parameters, configuration);
        attention = new CachedAttention(configuration, kernels);
        transformerLayer = new TransformerLayer(configuration, parameters, kernels, attention);
        oneRow = new Activations(configuration, 1, forTraining: false);
        logits = new NativeBlock(configuration.VocabularySize);
    }

    /// <summary>The model that the decoder belongs to.</summary>
    public GptModel Model { get; }

    /// <summary>The number of tokens that have been read; at most the model's context length.</summary>
    public int Position => attention.Position;

    /// <summary>Forgets everything that was read.</summary>
    public void Reset() => attention.Position = 0;

    /// <summary>Reads tokens. After an exception the position is where it was.</summary>
    /// <param name="tokens">At least one id.</param>
    /// <param name="cancellationToken">Stops the call within one layer's work.</param>
    /// <returns>The logits (V) of the token after the last; valid until the next call.</returns>
    /// <exception cref="GptException"><c>ContextExceeded</c>, <c>TokenOutsideVocabulary</c>.</exception>
    /// <exception cref="ObjectDisposedException">The decoder or the model was disposed.</exception>
    public ReadOnlySpan<float> Append(ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(tokens.Length);
        ObjectDisposedException.ThrowIf(isDisposed, this);
        TokenCheck.RequireInVocabulary(tokens, configuration.VocabularySize);
        if (tokens.Length > configuration.ContextLength - Position)
        {
            throw new GptException("ContextExceeded", GptErrorKind.LimitExceeded,
                $"{Position} tokens have been read and {tokens.Length} more would pass the model's context of "
                + $"{configuration.ContextLength}. Give fewer tokens, or start again with the last ones.");
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

        attention.Position += tokens.Length;
        return new(logits.Pointer, configuration.VocabularySize);
    }

    /// <summary>Frees the memory; the model stays.</summary>
    public void Dispose()
    {
        isDisposed = true;
        attention.Dispose();
        oneRow.Dispose();
        logits.Dispose();
    }

    private void Read(ReadOnlySpan<int> tokens, Activations rows, CancellationToken cancellationToken)
    {
        using var section = Model.BeginRead();
        var (C, rowCount) = (configuration.ChannelCount, tokens.Length);
        var residual = rows.Embedded.Pointer;
        fixed (int* ids = tokens)
        {
            kernels.EmbeddingForward(
                residual, ids, parameters.TokenEmbedding, parameters.PositionEmbedding, 1, rowCount, Position, C);
        }

        for (var layer = 0; layer < configuration.LayerCount; layer++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            residual = transformerLayer.Forward(layer, residual, rows, rowCount, dropout: default);
        }

        var last = residual + ((nint)(rowCount - 1) * C);
        kernels.LayerNormForward(
            rows.FinalNorm.Pointer, rows.FinalMean.Pointer, rows.FinalRstd.Pointer, last,
            parameters.FinalNormWeight, parameters.FinalNormBias, 1, C, configuration.LayerNormEpsilon);
        kernels.MatMulForward(
            logits.Pointer, rows.FinalNorm.Pointer, parameters.HeadWeight, parameters.HeadBias, residual: null,
            1, C, configuration.VocabularySize);
    }
}
