using System.Diagnostics;
using PsGpt.Data;
using PsGpt.Kernels;
using PsGpt.Model;

namespace PsGpt.Training;

/// <summary>
/// Trains a model in place, a batch at a time. What the optimizer remembers lives with the model, so that another trainer goes
/// on where this one stopped. Not for use from several threads at once.
/// </summary>
public sealed unsafe class Trainer : IDisposable
{
    private readonly IKernels kernels;
    private readonly AdamWOptimizer optimizer;
    private GptPass? pass;
    private float learningRate;

    /// <summary>Prepares training.</summary>
    /// <param name="model">The model; it must outlive the trainer.</param>
    /// <exception cref="GptException"><c>TrainerOptionsInvalid</c>, <c>OutOfMemory</c>.</exception>
    public Trainer(GptModel model, TrainerOptions options)
        : this(model, options, KernelCatalog.Default)
    {
    }

    internal Trainer(GptModel model, TrainerOptions options, IKernels kernels)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (Model, Options, this.kernels, learningRate) = (model, options, kernels, options.LearningRate);
        optimizer = new AdamWOptimizer(model, kernels);
    }

    /// <summary>The model that is trained.</summary>
    public GptModel Model { get; }

    /// <summary>How it is trained.</summary>
    public TrainerOptions Options { get; }

    /// <summary>The learning rate of the next step; starts as the option says, above 0.</summary>
    public float LearningRate
    {
        get => learningRate;
        set
        {
            (Options with { LearningRate = value }).Validate();
            learningRate = value;
        }
    }

    /// <summary>Allocates the working memory for batches of a shape, so that what is wrong with it shows before the first step.</summary>
    /// <exception cref="GptException"><c>SequenceTooLong</c>, <c>BatchShapeInvalid</c>, <c>OutOfMemory</c>.</exception>
    public void Prepare(int batchSize, int sequenceLength) => PassFor(batchSize, sequenceLength);

    /// <summary>
    /// One step: forward, backward, update. Where it throws, the model is as it was before.
    /// </summary>
    /// <exception cref="GptException">
    /// <c>SequenceTooLong</c>, <c>TokenOutsideVocabulary</c>, <c>TokenizerMismatch</c>, <c>NoTargets</c>: the batch does not fit the model.
    /// <c>TrainingDiverged</c>: the loss or the gradient is not a finite number.
    /// </exception>
    /// <exception cref="OperationCanceledException">The step was cancelled.</exception>
    public TrainingStep Step(TokenBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var start = Stopwatch.GetTimestamp();
        var step = Model.TrainingState.Step + 1;
        var current = PassFor(batch.BatchSize, batch.SequenceLength);
        var loss = current.ComputeGradients(batch, RandomStream.Mix(Options.Seed + (ulong)step), accumulate: false, cancellationToken);
        var norm = (float)Math.Sqrt(kernels.SumOfSquares(current.Gradients.Block.Pointer, current.Gradients.Block.Length));
        if (!float.IsFinite(loss) || !float.IsFinite(norm))
        {
            throw new GptException("TrainingDiverged", GptErrorKind.InvalidData,
                FormattableString.Invariant($"Step {step} has a loss of {loss} and a gradient norm of {norm}; the model is as it was before the step. Use a smaller learning rate, or look for NaN in the weights."));
        }

        cancellationToken.ThrowIfCancellationRequested();
        optimizer.Update(current.Gradients, step, Options, LearningRate, ClippingScale(norm));
        Model.TrainingState.Step = step;
        var elapsed = Stopwatch.GetElapsedTime(start);
        return new TrainingStep(step, loss, ValidationLoss: null, LearningRate, norm, batch.TokenCount / elapsed.TotalSeconds, elapsed.TotalMilliseconds);
    }

    /// <summary>The mean loss of a batch, without training.</summary>
    /// <exception cref="GptException">The batch does not fit the model.</exception>
    public float ComputeLoss(TokenBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return PassFor(batch.BatchSize, batch.SequenceLength).ComputeLoss(batch, cancellationToken);
    }

    /// <summary>Frees the working memory; the model and its training state stay.</summary>
    public void Dispose() => pass?.Dispose();

    private float ClippingScale(float norm) =>
        Options.MaximumGradientNorm > 0 && norm > Options.MaximumGradientNorm ? Options.MaximumGradientNorm / norm : 1;

    /// <summary>The working memory for a shape; kept, since batches mostly have one shape.</summary>
    private GptPass PassFor(int batchSize, int sequenceLength)
    {
        if (pass is null || pass.BatchSize != batchSize || pass.SequenceLength != sequenceLength)
        {
            pass?.Dispose();
            pass = null;
            pass = new GptPass(Model, batchSize, sequenceLength, forTraining: true, kernels);
        }

        return pass;
    }
}
