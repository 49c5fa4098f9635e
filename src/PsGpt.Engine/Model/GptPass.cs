using PsGpt.Data;
using PsGpt.Kernels;
using PsGpt.Kernels.Threading;
using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>
/// The working memory for sending batches of one shape through a model, forward and back. Make it once and use it for every
/// step; a step allocates nothing. Not for use from several threads at once.
/// </summary>
/// <remarks>
/// Legend: B rows of a batch, T positions, V vocabulary. A batch of many tokens is trained on in two halves, whose gradients are added: each
/// half of the threads goes its own way through all layers, and finds in its caches what it has written itself. The results are the same for
/// any number of threads.
/// </remarks>
public sealed unsafe class GptPass : IDisposable
{
    /// <summary>The tokens from which on halves are worth that the weights are packed for each, and the gradients of each are kept.</summary>
    private const int LeastHalvedTokens = 512;

    /// <summary>The most floats of gradients that are kept twice, 64 MiB.</summary>
    private const int MostHalvedParameters = 1 << 24;

    private readonly IKernels kernels;
    private readonly BatchPart[] parts;

    /// <summary>Allocates the memory.</summary>
    /// <param name="model">The model; it must outlive the pass.</param>
    /// <param name="batchSize">B, at least 1.</param>
    /// <param name="sequenceLength">T, 1 to the model's context length.</param>
    /// <param name="forTraining">Whether <see cref="ComputeGradients"/> will be called: it needs room for gradients and for the activations of all layers.</param>
    /// <exception cref="GptException"><c>SequenceTooLong</c>, <c>BatchShapeInvalid</c>, <c>OutOfMemory</c>.</exception>
    public GptPass(GptModel model, int batchSize, int sequenceLength, bool forTraining = true)
        : this(model, batchSize, sequenceLength, forTraining, KernelCatalog.Default)
    {
    }

    internal GptPass(GptModel model, int batchSize, int sequenceLength, bool forTraining, IKernels kernels)
    {
        ArgumentNullException.ThrowIfNull(model);
        CheckShape(model, batchSize, sequenceLength);
        (Model, BatchSize, SequenceLength, this.kernels) = (model, batchSize, sequenceLength, kernels);
        parts = forTraining && IsHalved(model, batchSize, sequenceLength)
            ? Halve(model, batchSize, sequenceLength, kernels)
            : [new BatchPart(model, firstSequence: 0, batchSize, sequenceLength, forTraining, kernels)];
    }

    /// <summary>The model that the pass belongs to.</summary>
    public GptModel Model { get; }

    /// <summary>B.</summary>
    public int BatchSize { get; }

    /// <summary>T.</summary>
    public int SequenceLength { get; }

    /// <summary>What <see cref="ComputeGradients"/> wrote last, laid out as the parameters.</summary>
    /// <exception cref="InvalidOperationException">The pass was not made for training.</exception>
    public TensorSet Gradients => parts[0].Gradients ?? throw new InvalidOperationException("This pass was not made for training.");

    /// <summary>The sums of squares of the largest of <see cref="Gradients"/>; null where they are a sum of halves, of which nobody has taken them.</summary>
    internal GradientSquares? GradientSquares => parts.Length == 1 ? parts[0].Squares : null;

    /// <summary>The mean cross-entropy of a batch in nats, without dropout.</summary>
    /// <exception cref="GptException"><c>TokenOutsideVocabulary</c>, <c>TokenizerMismatch</c>, <c>BatchShapeInvalid</c>, <c>NoTargets</c>.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; it answers within one layer's work.</exception>
    public float ComputeLoss(TokenBatch batch, CancellationToken cancellationToken = default)
    {
        var targetCount = CheckBatch(batch);
        fixed (int* inputs = batch.Inputs, targets = batch.Targets)
        {
            ForParts(new LossTask(parts, inputs, targets, cancellationToken));
            return MeanLoss(targetCount);
        }
    }

    /// <summary>
    /// The mean cross-entropy of a batch in nats; writes its gradient with respect to every parameter to <see cref="Gradients"/>.
    /// After an exception the gradients are not to be used; the parameters are untouched.
    /// </summary>
    /// <param name="dropoutSeed">Which values are dropped out, where the model has dropout: another number for each step.</param>
    /// <param name="accumulate">Whether to add to the gradients of the call before rather than to overwrite them.</param>
    /// <param name="dropoutRate">The share of values that is dropped out, 0 … below 1; null for the model's own.</param>
    /// <exception cref="GptException"><c>TokenOutsideVocabulary</c>, <c>TokenizerMismatch</c>, <c>BatchShapeInvalid</c>, <c>NoTargets</c>.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; it answers within one layer's work.</exception>
    public float ComputeGradients(TokenBatch batch, ulong dropoutSeed = 0, bool accumulate = false, float? dropoutRate = null, CancellationToken cancellationToken = default)
    {
        _ = Gradients;
        var targetCount = CheckBatch(batch);
        var dropout = new Dropout(dropoutSeed, dropoutRate ?? Model.Configuration.DropoutRate);
        fixed (int* inputs = batch.Inputs, targets = batch.Targets)
        {
            ForParts(new GradientsTask(parts, inputs, targets, targetCount, dropout, accumulate, cancellationToken));
            if (parts.Length > 1)
                AddSecondHalf();
            return MeanLoss(targetCount);
        }
    }

    /// <summary>The logits of every position.</summary>
    /// <param name="inputs">Token ids (B,T).</param>
    /// <param name="logits">Takes the logits (B,T,V).</param>
    /// <param name="cancellationToken">Stops the call within one layer's work.</param>
    /// <exception cref="GptException"><c>TokenOutsideVocabulary</c>.</exception>
    public void ComputeLogits(ReadOnlySpan<int> inputs, Span<float> logits, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(inputs.Length, BatchSize * SequenceLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(logits.Length, checked(inputs.Length * Model.Configuration.VocabularySize));
        TokenCheck.RequireInVocabulary(inputs, Model.Configuration.VocabularySize);
        fixed (int* tokens = inputs)
        fixed (float* output = logits)
        {
            ForParts(new LogitsTask(parts, tokens, output, cancellationToken));
        }
    }

    /// <summary>Frees the memory; the model stays.</summary>
    public void Dispose()
    {
        foreach (var part in parts)
            part.Dispose();
    }

    private static bool IsHalved(GptModel model, int batchSize, int sequenceLength) =>
        batchSize > 1 && batchSize * sequenceLength >= LeastHalvedTokens && model.Parameters.Block.Length <= MostHalvedParameters;

    private static BatchPart[] Halve(GptModel model, int batchSize, int sequenceLength, IKernels kernels)
    {
        var half = (batchSize + 1) / 2;
        var (first, second) = kernels.Halves;
        return
        [
            new(model, firstSequence: 0, half, sequenceLength, forTraining: true, first),
            new(model, firstSequence: half, batchSize - half, sequenceLength, forTraining: true, second),
        ];
    }

    private void ForParts<TTask>(TTask task)
        where TTask : struct, IParallelTask
    {
        if (parts.Length == 1)
            task.Execute(0, 1);
        else
            kernels.ForHalves(task);
    }

    private void AddSecondHalf()
    {
        var (first, second) = (Gradients.Tensors, parts[1].Gradients!.Tensors);
        for (var i = 0; i < first.Count; i++)
            kernels.Add(first[i].Pointer, second[i].Pointer, first[i].Length);
    }

    private float MeanLoss(int targetCount)
    {
        var sum = 0.0;
        foreach (var part in parts)
            sum += part.Loss;
        return (float)(sum / targetCount);
    }

    private static void CheckShape(GptModel model, int batchSize, int sequenceLength)
    {
        if (batchSize < 1 || sequenceLength < 1 || (long)batchSize * sequenceLength > 1 << 24)
        {
            throw new GptException("BatchShapeInvalid", GptErrorKind.InvalidArgument,
                $"A batch of {batchSize} x {sequenceLength} tokens cannot be computed. Use a batch size and a sequence length of at least 1 whose product is at most 16777216.");
        }

        if (sequenceLength > model.Configuration.ContextLength)
        {
            throw new GptException("SequenceTooLong", GptErrorKind.LimitExceeded,
                $"A sequence of {sequenceLength} tokens does not fit the context of the model '{model.Name}', which is {model.Configuration.ContextLength}. Use a sequence length of at most {model.Configuration.ContextLength}.");
        }
    }

    /// <summary>Checks everything that a batch brings from outside; returns the number of targets that count.</summary>
    private int CheckBatch(TokenBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Model.RequireTokenizer(batch.TokenizerName);
        if (batch.BatchSize != BatchSize || batch.SequenceLength != SequenceLength)
        {
            throw new GptException("BatchShapeInvalid", GptErrorKind.InvalidArgument,
                $"The batch is {batch}, but the pass was made for {BatchSize} x {SequenceLength}. Make a pass for each shape.");
        }

        TokenCheck.RequireInVocabulary(batch.Inputs, Model.Configuration.VocabularySize);
        return TokenCheck.RequireTargets(batch.Targets, Model.Configuration.VocabularySize);
    }

    private readonly struct LossTask(BatchPart[] parts, int* inputs, int* targets, CancellationToken cancellationToken) : IParallelTask
    {
        public void Execute(int start, int end)
        {
            for (var i = start; i < end; i++)
                parts[i].ComputeLoss(inputs, targets, cancellationToken);
        }
    }

    private readonly struct LogitsTask(BatchPart[] parts, int* inputs, float* logits, CancellationToken cancellationToken) : IParallelTask
    {
        public void Execute(int start, int end)
        {
            for (var i = start; i < end; i++)
                parts[i].ComputeLogits(inputs, logits, cancellationToken);
        }
    }

    /// <summary>Each part draws its own dropout, and only the first adds to the gradients of batches before: the other's are added to them.</summary>
    private readonly struct GradientsTask(BatchPart[] parts, int* inputs, int* targets, int targetCount, Dropout dropout, bool accumulate, CancellationToken cancellationToken) : IParallelTask
    {
        public void Execute(int start, int end)
        {
            for (var i = start; i < end; i++)
                parts[i].ComputeGradients(inputs, targets, targetCount, i == 0 ? dropout : dropout.Other, accumulate && i == 0, cancellationToken);
        }
    }
}
