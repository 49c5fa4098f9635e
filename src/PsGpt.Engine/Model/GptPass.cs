using PsGpt.Data;
using PsGpt.Kernels;

namespace PsGpt.Model;

/// <summary>
/// The working memory for sending batches of one shape through a model, forward and back. Make it once and use it for every
/// step; a step allocates nothing. Not for use from several threads at once.
/// </summary>
/// <remarks>Legend: B rows of a batch, T positions, V vocabulary.</remarks>
public sealed unsafe class GptPass : IDisposable
{
    private readonly ReplicatedPass pass;
    private bool isDisposed;
    private long forwardUpdateCount;

    /// <summary>Allocates the memory.</summary>
    /// <param name="model">The model; it must outlive the pass.</param>
    /// <param name="batchSize">B, at least 1.</param>
    /// <param name="sequenceLength">T, 1 to the model's context length.</param>
    /// <param name="forTraining">
    /// Whether <see cref="ComputeGradients"/> will be called: it needs room for gradients and for the activations of all layers.
    /// </param>
    /// <exception cref="GptException">
    /// <c>SequenceTooLong</c>, <c>BatchShapeInvalid</c>, <c>OutOfMemory</c>; <c>WeightsNarrow</c> for training.
    /// </exception>
    public GptPass(GptModel model, int batchSize, int sequenceLength, bool forTraining = true)
        : this(model, batchSize, sequenceLength, forTraining, KernelCatalog.Default)
    {
    }

    internal GptPass(GptModel model, int batchSize, int sequenceLength, bool forTraining, IKernels kernels)
    {
        ArgumentNullException.ThrowIfNull(model);
        CheckShape(model, batchSize, sequenceLength);
        if (forTraining)
            model.RequireFloat32();
        (Model, BatchSize, SequenceLength) = (model, batchSize, sequenceLength);
        pass = new ReplicatedPass(model, batchSize, sequenceLength, forTraining, kernels);
    }

    /// <summary>The model that the pass belongs to.</summary>
    public GptModel Model { get; }

    /// <summary>B.</summary>
    public int BatchSize { get; }

    /// <summary>T.</summary>
    public int SequenceLength { get; }

    /// <summary>The result of the last <see cref="ComputeGradients"/>, laid out as the parameters.</summary>
    /// <exception cref="InvalidOperationException">The pass was not made for training.</exception>
    public Gradients Gradients => pass.Gradients ?? throw new InvalidOperationException("This pass was not made for training.");

    /// <summary>The mean cross-entropy of a batch in nats, without dropout.</summary>
    /// <exception cref="GptException">
    /// <c>TokenOutsideVocabulary</c>, <c>TokenizerMismatch</c>, <c>BatchShapeInvalid</c>, <c>NoTargets</c>.
    /// </exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; it answers within one layer's work.</exception>
    public float ComputeLoss(TokenBatch batch, CancellationToken cancellationToken = default)
    {
        var targetCount = CheckBatch(batch);
        return (float)(SumLosses(batch, cancellationToken) / targetCount);
    }

    /// <summary>The sum of the cross-entropies of a batch's targets in nats, without dropout.</summary>
    /// <exception cref="GptException">As <see cref="ComputeLoss"/>.</exception>
    internal double SumLosses(TokenBatch batch, CancellationToken cancellationToken)
    {
        CheckBatch(batch);
        using var section = Model.BeginRead();
        fixed (int* inputs = batch.Inputs, targets = batch.Targets)
        {
            return pass.ComputeLoss(inputs, targets, DropoutMasks.None, cancellationToken);
        }
    }

    /// <summary>The cross-entropy of each target of a batch in nats, without dropout.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="losses">Takes (B,T) numbers; 0 if the target is ignored.</param>
    /// <param name="cancellationToken">Stops the call within one layer's work.</param>
    /// <exception cref="GptException">
    /// <c>TokenOutsideVocabulary</c>, <c>TokenizerMismatch</c>, <c>BatchShapeInvalid</c>, <c>NoTargets</c>.
    /// </exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public void ComputeLosses(TokenBatch batch, Span<float> losses, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(losses.Length, BatchSize * SequenceLength);
        SumLosses(batch, cancellationToken);
        pass.CopyLosses(losses);
    }

    /// <summary>
    /// The mean cross-entropy of a batch in nats; writes its gradient with respect to every parameter to <see cref="Gradients"/>.
    /// After an exception the gradients are not to be used; the parameters are untouched.
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="dropoutSeed">Decides the values that are dropped out: another number for each step.</param>
    /// <param name="accumulate">Whether to add to the gradients of the call before rather than to overwrite them.</param>
    /// <param name="dropoutRate">The share of values that is dropped out, 0 … below 1; null for the model's own.</param>
    /// <exception cref="GptException">
    /// <c>TokenOutsideVocabulary</c>, <c>TokenizerMismatch</c>, <c>BatchShapeInvalid</c>, <c>NoTargets</c>.
    /// </exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; it answers within one layer's work.</exception>
    public float ComputeGradients(
        TokenBatch batch, ulong dropoutSeed = 0, bool accumulate = false, float? dropoutRate = null,
        CancellationToken cancellationToken = default) =>
        ComputeGradientsByLayer(batch, dropoutSeed, accumulate, dropoutRate, layerDone: null, cancellationToken);

    /// <summary>The same as <see cref="ComputeGradients"/>, but layers can travel while the pass continues.</summary>
    /// <param name="layerDone">Receives each layer when the gradients of its parameters are final, the last layer first; or null.</param>
    internal float ComputeGradientsByLayer(
        TokenBatch batch, ulong dropoutSeed, bool accumulate, float? dropoutRate, Action<int>? layerDone,
        CancellationToken cancellationToken)
    {
        if (pass.Gradients is null)
            throw new InvalidOperationException("This pass was not made for training.");
        var targetCount = CheckBatch(batch);
        var dropout = new DropoutMasks(dropoutSeed, dropoutRate ?? Model.Configuration.Dropout);
        using var section = Model.BeginRead();
        fixed (int* inputs = batch.Inputs, targets = batch.Targets)
        {
            return (float)(pass.ComputeGradients(
                inputs, targets, targetCount, dropout, accumulate, runsForward: true, layerDone, cancellationToken) / targetCount);
        }
    }

    /// <summary>The mean cross-entropy of a batch with dropout; keeps the activations for <see cref="Backward"/>.</summary>
    /// <exception cref="GptException">As <see cref="ComputeGradients"/>.</exception>
    internal float Forward(TokenBatch batch, DropoutMasks dropout, CancellationToken cancellationToken)
    {
        var targetCount = CheckBatch(batch);
        using var section = Model.BeginRead();
        forwardUpdateCount = Model.UpdateCount;
        fixed (int* inputs = batch.Inputs, targets = batch.Targets)
        {
            return (float)(pass.ComputeLoss(inputs, targets, dropout, cancellationToken) / targetCount);
        }
    }

    /// <summary>
    /// The loss and the gradients of the last <see cref="Forward"/>, which had the same batch and dropout: the bits of
    /// <see cref="ComputeGradients"/>.
    /// </summary>
    /// <exception cref="GptException"><c>StageOutOfOrder</c>: the parameters have changed since.</exception>
    internal float Backward(TokenBatch batch, DropoutMasks dropout, CancellationToken cancellationToken)
    {
        var targetCount = CheckBatch(batch);
        using var section = Model.BeginRead();
        if (Model.UpdateCount != forwardUpdateCount)
        {
            throw new GptException("StageOutOfOrder", GptErrorKind.InvalidArgument,
                $"The model '{Model.Name}' has changed since the batch went forward, so its activations are those of other weights. "
                + "Send the batch forward again.");
        }

        fixed (int* inputs = batch.Inputs, targets = batch.Targets)
        {
            return (float)(pass.ComputeGradients(
                inputs, targets, targetCount, dropout, accumulate: false, runsForward: false, layerDone: null, cancellationToken)
                / targetCount);
        }
    }

    /// <summary>Hands <see cref="Gradients"/> over to the caller, who disposes them, and frees everything else.</summary>
    internal Gradients TakeGradients()
    {
        isDisposed = true;
        return pass.TakeGradients();
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
        ObjectDisposedException.ThrowIf(isDisposed, this);
        TokenCheck.RequireInVocabulary(inputs, Model.Configuration.VocabularySize);
        using var section = Model.BeginRead();
        fixed (int* tokens = inputs)
        fixed (float* output = logits)
        {
            pass.ComputeLogits(tokens, output, cancellationToken);
        }
    }

    /// <summary>Frees the memory; the model stays.</summary>
    public void Dispose()
    {
        isDisposed = true;
        pass.Dispose();
    }

    /// <exception cref="GptException"><c>SequenceTooLong</c>, <c>BatchShapeInvalid</c>.</exception>
    internal static void CheckShape(GptModel model, int batchSize, int sequenceLength)
    {
        if (batchSize < 1 || sequenceLength < 1 || (long)batchSize * sequenceLength > 1 << 24)
        {
            throw new GptException("BatchShapeInvalid", GptErrorKind.InvalidArgument,
                $"A batch of {batchSize} x {sequenceLength} tokens cannot be computed. "
                + "Use a batch size and a sequence length of at least 1 whose product is at most 16777216.");
        }

        if (sequenceLength > model.Configuration.ContextLength)
        {
            throw new GptException("SequenceTooLong", GptErrorKind.LimitExceeded,
                $"A sequence of {sequenceLength} tokens does not fit the context of the model '{model.Name}', which is "
                + $"{model.Configuration.ContextLength}. Use a sequence length of at most {model.Configuration.ContextLength}.");
        }
    }

    /// <summary>Checks everything that a batch brings from outside; returns the number of targets that count.</summary>
    private int CheckBatch(TokenBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ObjectDisposedException.ThrowIf(isDisposed, this);
        Model.RequireTokenizer(batch.TokenizerName);
        if (batch.BatchSize != BatchSize || batch.SequenceLength != SequenceLength)
        {
            throw new GptException("BatchShapeInvalid", GptErrorKind.InvalidArgument,
                $"The batch is {batch}, but the pass was made for {BatchSize} x {SequenceLength}. Make a pass for each shape.");
        }

        TokenCheck.RequireInVocabulary(batch.Inputs, Model.Configuration.VocabularySize);
        return TokenCheck.RequireTargets(batch.Targets, Model.Configuration.VocabularySize);
    }
}
