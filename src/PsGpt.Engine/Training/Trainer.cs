using System.Diagnostics;
using PsGpt.Communication;
using PsGpt.Data;
using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Training;

/// <summary>
/// Trains a model in place, a step at a time. The number of steps and the optimizer's moments are in a training state, so that
/// another trainer continues where this one stopped. A model has one trainer at a time; other threads may read it meanwhile and see
/// whole steps. Not for use from several threads at once.
/// </summary>
public sealed unsafe partial class Trainer : IDisposable
{
    private readonly IKernels kernels;
    private readonly OptimizerSetup setup;
    private readonly ModelGate.Occupation occupation;
    private readonly ICommunicator communicator;
    private IOptimizer? optimizer;
    private GptPass? pass;
    private readonly long parameterCount;
    private float learningRate;

    /// <summary>Prepares training. Model and training state change with the first step.</summary>
    /// <param name="model">The model; no other training begins on it until the trainer is disposed.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="timesKernels">Whether <see cref="KernelTimes"/> is kept: a clock around each call, some 20 µs of a step.</param>
    /// <param name="state">The training state to continue from; null for the one that goes with the model.</param>
    /// <param name="communicator">The processes that train equal models together, each on its own batches; null for this one alone.</param>
    /// <exception cref="GptException">
    /// <c>TrainerOptionsInvalid</c>, <c>PluginNotFound</c>, <c>KernelsNotAvailable</c>; <c>ModelInUse</c>: the model is in training
    /// already, or it is being exported or copied.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public Trainer(
        GptModel model, TrainerOptions options, bool timesKernels = false, TrainingState? state = null, ICommunicator? communicator = null)
        : this(model, options, timesKernels ? new TimedKernels(KernelCatalog.Default) : KernelCatalog.Default, state, communicator)
    {
    }

    internal Trainer(
        GptModel model, TrainerOptions options, IKernels kernels, TrainingState? state = null, ICommunicator? communicator = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var plugin = OptimizerCatalog.Registry.Get(options.Optimizer);
        (Model, Options, this.kernels, learningRate) = (model, options, kernels, options.LearningRate);
        parameterCount = model.Configuration.ParameterCount;
        State = state ?? model.TrainingState;
        this.communicator = communicator ?? SingleProcess.Instance;
        setup = new OptimizerSetup(model, options, kernels, State, this.communicator, plugin.NeedsWholeLayers);
        if (options.SkipOutliers > 0)
            Outliers = new OutlierDetector(options.SkipOutliers);
        occupation = model.BeginTraining();
    }

    /// <summary>The model that is trained.</summary>
    public GptModel Model { get; }

    /// <summary>The number of finished steps and the optimizer's moments.</summary>
    public TrainingState State { get; }

    /// <summary>How it is trained.</summary>
    public TrainerOptions Options { get; }

    /// <summary>The learning rate of the next step; starts as the option says, 0 or more.</summary>
    /// <exception cref="GptException"><c>TrainerOptionsInvalid</c>.</exception>
    public float LearningRate
    {
        get => learningRate;
        set
        {
            OptionCheck.OfStep.Require(value >= 0 && float.IsFinite(value), $"the learning rate {value} is not 0 or more");
            learningRate = value;
        }
    }

    /// <summary>The cost of each operator since the trainer was made, the longest first; empty unless it was asked for.</summary>
    public IReadOnlyList<KernelTime> KernelTimes => (kernels as TimedKernels)?.Times ?? [];

    internal OutlierDetector? Outliers { get; }

    /// <summary>The gradients of the last step. There must have been one.</summary>
    internal TensorSet Gradients => pass!.Gradients;

    /// <summary>The shapes of the optimizer's moments in this process.</summary>
    internal IReadOnlyList<TensorShape> MomentShapes => setup.MomentShapes;

    /// <summary>Allocates the working memory for batches of a shape, so that a wrong shape shows before the first step.</summary>
    /// <exception cref="GptException"><c>SequenceTooLong</c>, <c>BatchShapeInvalid</c>, <c>OutOfMemory</c>.</exception>
    public void Prepare(int batchSize, int sequenceLength) => PassFor(batchSize, sequenceLength);

    /// <summary>One step on one batch: forward, backward, update. If it throws, the model is as it was before.</summary>
    /// <exception cref="GptException">
    /// <c>SequenceTooLong</c>, <c>TokenOutsideVocabulary</c>, <c>TokenizerMismatch</c>, <c>NoTargets</c>: the batch does not fit the model.
    /// <c>TrainingDiverged</c>: the loss or the gradient is not a finite number.
    /// </exception>
    /// <exception cref="OperationCanceledException">The step was cancelled.</exception>
    public TrainingStep Step(TokenBatch batch, CancellationToken cancellationToken = default) =>
        Step(new ReadOnlySpan<TokenBatch>(in batch), cancellationToken);

    /// <summary>
    /// One step on several batches of one shape: the mean of their losses and gradients, as nanoGPT accumulates them. If it
    /// throws, the model is as it was before. A step of several processes cannot be cancelled: the others would wait for this one.
    /// </summary>
    /// <exception cref="GptException">
    /// As for one batch; <c>BatchShapeInvalid</c>: the batches differ in shape, or there are none.
    /// </exception>
    /// <exception cref="OperationCanceledException">The step was cancelled.</exception>
    public TrainingStep Step(ReadOnlySpan<TokenBatch> batches, CancellationToken cancellationToken = default)
    {
        TokenBatch.RequireOneShape(batches);
        var start = Stopwatch.GetTimestamp();
        var loss = 0f;
        for (var i = 0; i < batches.Length; i++)
            loss += AddGradients(batches[i], i, batches.Length, cancellationToken) / batches.Length;
        return Update(pass!.Gradients, loss, batches.Length, (long)batches.Length * batches[0].TokenCount, start, cancellationToken);
    }

    /// <summary>
    /// One step on the next batches of a source. Each is drawn when its turn comes, so any number needs no more memory than one.
    /// </summary>
    internal TrainingStep Step(IDataLoader source, int batchCount, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var (loss, tokenCount) = (0f, 0);
        for (var i = 0; i < batchCount; i++)
        {
            var batch = source.Next();
            loss += AddGradients(batch, i, batchCount, cancellationToken) / batchCount;
            tokenCount = batch.TokenCount;
        }

        return Update(pass!.Gradients, loss, batchCount, (long)batchCount * tokenCount, start, cancellationToken);
    }

    /// <summary>Begins or continues the average of the model's weights.</summary>
    internal WeightAverage AverageWeights(float decay) => new(setup, decay);

    /// <summary>The mean loss of a batch, without training.</summary>
    /// <exception cref="GptException">The batch does not fit the model.</exception>
    public float ComputeLoss(TokenBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return PassFor(batch.BatchSize, batch.SequenceLength).ComputeLoss(batch, cancellationToken);
    }

    /// <summary>Frees the working memory; the model and the training state stay, for another training.</summary>
    public void Dispose()
    {
        try
        {
            (optimizer as IDisposable)?.Dispose();
        }
        finally
        {
            exchange?.Dispose();
            pass?.Dispose();
            sum.Dispose();
            setup.Release();
            occupation.Dispose();
        }
    }

    /// <summary>
    /// Adds the gradients of a batch to those of the batches before it in the step, or overwrites those of the last step.
    /// </summary>
    /// <param name="index">The number of the batch within the step of this process, from 0.</param>
    /// <param name="batchCount">The number of this process's batches in the step.</param>
    /// <returns>The mean loss of the batch.</returns>
    private float AddGradients(TokenBatch batch, int index, int batchCount, CancellationToken cancellationToken)
    {
        // Numbered over all ranks, as the batches of one process that takes all of them are.
        var number = (index * communicator.Size) + communicator.Rank;
        var batchPass = PassFor(batch.BatchSize, batch.SequenceLength);
        var dropoutSeed = DropoutMasks.SeedOf(Options.Seed, State.Step + 1, number);
        var layerDone = index == batchCount - 1 ? BeginExchange(batchPass.Gradients) : null;
        return batchPass.ComputeGradientsByLayer(
            batch, dropoutSeed, accumulate: index > 0, Options.Dropout, layerDone, InStep(cancellationToken));
    }

    private CancellationToken InStep(CancellationToken cancellationToken) => communicator.Size == 1 ? cancellationToken : default;

    /// <summary>Whether there is working memory for the shape of a batch.</summary>
    internal bool HasPassFor(TokenBatch batch) => pass?.BatchSize == batch.BatchSize && pass.SequenceLength == batch.SequenceLength;

    /// <summary>The working memory for a shape; kept, since batches usually have one shape.</summary>
    internal GptPass PassFor(int batchSize, int sequenceLength)
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
