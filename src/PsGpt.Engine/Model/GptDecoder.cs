using PsGpt.Kernels;
using PsGpt.Kernels.Threading;
using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>
/// Reads streams of tokens and gives the logits of the token that follows. It keeps the keys and values of the tokens that each stream
/// has read, so that a token costs one row of arithmetic. Streams that are stepped together read the weights once, and each
/// gets the bits that it gets alone. Not for use from several threads at once.
/// </summary>
public sealed unsafe class GptDecoder : IDisposable
{
    // Less to read is not worth sharing: the threads of a layer wait for each other some twenty times a token, and longer where another
    // program has a processor. 8 MB take one thread a quarter of a millisecond.
    private const nint MinimumSharedFloats = 1 << 21;

    private static readonly ThreadTeam Single = new(threadCount: 1);

    private readonly GptConfiguration configuration;
    private readonly GptParameters parameters;
    private readonly CachedAttention attention;
    private readonly DecoderPath shared;
    private readonly DecoderPath alone;
    private readonly Activations stepRows;
    private readonly NativeBlock stepLogits;
    private readonly NativeBlock logits;
    private bool isDisposed;

    /// <summary>Allocates the logits; the memory of a stream is allocated when it first reads.</summary>
    /// <param name="model">The model; it must outlive the decoder.</param>
    /// <param name="streamCount">How many streams it can read, at least 1.</param>
    /// <param name="cacheType">How keys and values are kept: <c>Float32</c>, <c>BFloat16</c> or <c>Q8_0</c>.</param>
    /// <exception cref="GptException"><c>OutOfMemory</c>.</exception>
    public GptDecoder(GptModel model, int streamCount = 1, WeightDataType cacheType = WeightDataType.Float32)
        : this(model, KernelCatalog.Default, streamCount, cacheType)
    {
    }

    internal GptDecoder(GptModel model, IKernels kernels, int streamCount = 1, WeightDataType cacheType = WeightDataType.Float32)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(streamCount, 1);
        (Model, configuration) = (model, model.Configuration);
        parameters = new GptParameters(model.Storage, configuration);
        attention = new CachedAttention(configuration, streamCount, cacheType);
        shared = PathOn(kernels);
        alone = PathOn(kernels.On(Single));
        var stepped = Math.Min(streamCount, IKernels.IndependentRowCount);
        stepRows = new Activations(configuration, stepped, forTraining: false);
        stepLogits = new NativeBlock((nint)stepped * configuration.VocabularySize);
        logits = new NativeBlock((nint)streamCount * configuration.VocabularySize);
    }

    /// <summary>The model that the decoder belongs to.</summary>
    public GptModel Model { get; }

    /// <summary>How many streams it can read.</summary>
    public int StreamCount => attention.StreamCount;

    /// <summary>The number of tokens that the first stream has read; at most the model's context length.</summary>
    public int Position => PositionOf(0);

    /// <summary>The number of tokens that a stream has read.</summary>
    public int PositionOf(int stream) => attention.PositionOf(stream);

    /// <summary>The logits (V) of the token after the last of a stream; valid until the stream reads again.</summary>
    public ReadOnlySpan<float> LogitsOf(int stream) => Logits(stream);

    /// <summary>Forgets the tokens of a stream.</summary>
    public void Reset(int stream = 0) => attention[stream].Position = 0;

    /// <summary>Makes a stream continue from where another one is.</summary>
    public void Copy(int source, int target)
    {
        attention[target].CopyFrom(attention[source]);
        LogitsOf(source).CopyTo(Logits(target));
    }

    /// <summary>Reads tokens into the first stream.</summary>
    /// <inheritdoc cref="Append(int, ReadOnlySpan{int}, CancellationToken)"/>
    public ReadOnlySpan<float> Append(ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default) =>
        Append(0, tokens, cancellationToken);

    /// <summary>Reads tokens into a stream. After an exception the position is where it was.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="tokens">At least one id.</param>
    /// <param name="cancellationToken">Stops the call within one layer's work.</param>
    /// <returns>The logits (V) of the token after the last; valid until the stream reads again.</returns>
    /// <exception cref="GptException"><c>ContextExceeded</c>, <c>TokenOutsideVocabulary</c>, <c>OutOfMemory</c>.</exception>
    /// <exception cref="ObjectDisposedException">The decoder or the model was disposed.</exception>
    public ReadOnlySpan<float> Append(int stream, ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(tokens.Length);
        RequireRoom(stream, tokens);
        var one = new ReadOnlySpan<int>(in stream);
        if (tokens.Length == 1)
        {
            Read(one, tokens, stepRows, cancellationToken);
        }
        else
        {
            using var rows = new Activations(configuration, tokens.Length, forTraining: false);
            Read(one, tokens, rows, cancellationToken);
        }

        return LogitsOf(stream);
    }

    /// <summary>
    /// Reads one token into each of several streams. After an exception, streams that have not read stay where they were.
    /// </summary>
    /// <param name="streams">Different streams.</param>
    /// <param name="tokens">A token for each of them.</param>
    /// <param name="cancellationToken">Stops the call within one layer's work.</param>
    /// <exception cref="GptException"><c>ContextExceeded</c>, <c>TokenOutsideVocabulary</c>, <c>OutOfMemory</c>.</exception>
    /// <exception cref="ObjectDisposedException">The decoder or the model was disposed.</exception>
    public void Step(ReadOnlySpan<int> streams, ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(tokens.Length, streams.Length);
        for (var i = 0; i < streams.Length; i++)
            RequireRoom(streams[i], tokens.Slice(i, 1));
        for (var start = 0; start < streams.Length; start += IKernels.IndependentRowCount)
        {
            var count = Math.Min(IKernels.IndependentRowCount, streams.Length - start);
            Read(streams.Slice(start, count), tokens.Slice(start, count), stepRows, cancellationToken);
        }
    }

    /// <summary>Frees the memory; the model stays.</summary>
    public void Dispose()
    {
        isDisposed = true;
        attention.Dispose();
        stepRows.Dispose();
        stepLogits.Dispose();
        logits.Dispose();
    }

    private DecoderPath PathOn(IKernels kernels) => new(configuration, parameters, kernels, kernels.For(Model.DataType), attention);

    private Span<float> Logits(int stream) =>
        new(logits.Pointer + ((nint)stream * configuration.VocabularySize), configuration.VocabularySize);

    private void RequireRoom(int stream, ReadOnlySpan<int> tokens)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        TokenCheck.RequireInVocabulary(tokens, configuration.VocabularySize);
        var position = PositionOf(stream);
        if (tokens.Length > configuration.ContextLength - position)
        {
            throw new GptException("ContextExceeded", GptErrorKind.LimitExceeded,
                $"{position} tokens have been read and {tokens.Length} more would pass the model's context of "
                + $"{configuration.ContextLength}. Give fewer tokens, or start again with the last ones.");
        }
    }

    /// <summary>Reads several tokens of one stream, or one token of each of several streams.</summary>
    private void Read(ReadOnlySpan<int> streams, ReadOnlySpan<int> tokens, Activations rows, CancellationToken cancellationToken)
    {
        using var section = Model.BeginRead();
        var (rowCount, count) = (tokens.Length, streams.Length);
        var residual = rows.Embedded.Pointer;
        var path = Model.Storage.Block.Length * rowCount < MinimumSharedFloats ? alone : shared;
        attention.Select(streams, path.Kernels);
        Embed(path, streams, tokens, residual);
        for (var layer = 0; layer < configuration.LayerCount; layer++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            residual = path.Layer.Forward(layer, residual, rows, rowCount, DropoutMasks.None);
        }

        // Of several tokens of one stream only the last one has logits.
        ReadHead(path, streams, residual + ((nint)(rowCount - count) * configuration.ChannelCount), rows);
        foreach (var stream in streams)
            attention[stream].Position += rowCount / count;
    }

    private void Embed(DecoderPath path, ReadOnlySpan<int> streams, ReadOnlySpan<int> tokens, float* output)
    {
        var (C, length) = (configuration.ChannelCount, tokens.Length / streams.Length);
        fixed (int* ids = tokens)
        {
            for (var i = 0; i < streams.Length; i++)
            {
                path.Matrices.EmbeddingForward(
                    output + ((nint)i * length * C), ids + (i * length), parameters.TokenEmbedding, parameters.PositionEmbedding,
                    1, length, PositionOf(streams[i]), C);
            }
        }
    }

    private void ReadHead(DecoderPath path, ReadOnlySpan<int> streams, float* residual, Activations rows)
    {
        var (C, V, count) = (configuration.ChannelCount, configuration.VocabularySize, streams.Length);
        path.Kernels.LayerNormForward(
            rows.FinalNorm.Pointer, rows.FinalMean.Pointer, rows.FinalRstd.Pointer, residual,
            parameters.FinalNormWeight, parameters.FinalNormBias, count, C, configuration.LayerNormEpsilon);
        path.Matrices.MatMulForward(
            stepLogits.Pointer, rows.FinalNorm.Pointer, parameters.HeadWeight, parameters.HeadBias, residual: null, new(count, C, V));
        for (var i = 0; i < count; i++)
            new ReadOnlySpan<float>(stepLogits.Pointer + ((nint)i * V), V).CopyTo(Logits(streams[i]));
    }
}
