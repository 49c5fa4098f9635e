using System.Diagnostics;
using PsGpt.Communication;
using PsGpt.Data;
using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Training;

/// <summary>
/// Trains a model on a dataset and measures it on held-out text. Model, dataset and options are checked before the first step.
/// </summary>
public sealed partial class TrainingRun : IDisposable
{
    private readonly TrainingRunOptions options;
    private readonly Trainer trainer;
    private readonly SequenceWarmup source;
    private readonly LossEvaluator evaluation;
    private readonly LearningRatePlan plan;
    private readonly EarlyStop earlyStop;
    private readonly BestState best;
    private readonly StepObservers observers;
    private readonly ICommunicator communicator;
    private readonly Stopwatch clock = new();
    private WeightAverage? average;
    private GptPass? evaluationPass;
    private bool isResumed;
    private BatchPosition position;
    private double epoch;
    private double secondsBefore;
    private long batchCount;

    /// <summary>Prepares a run.</summary>
    /// <param name="model">The model, trained in place; no other training begins on it until the run is disposed.</param>
    /// <param name="dataset">The text to train on; it must outlive the run.</param>
    /// <param name="options">The run.</param>
    /// <param name="rule">
    /// Decides each learning rate in place of the schedule, or null. It is asked for the first one at once, so that its mistakes show
    /// early.
    /// </param>
    /// <param name="timesKernels">Whether <see cref="KernelTimes"/> is kept.</param>
    /// <param name="communicator">
    /// The processes that train the model together, all with the same model, dataset and options; null for this one alone. Each takes its
    /// part of the batches, so that a step is made of <see cref="TrainingRunOptions.BatchSize"/> rows of each.
    /// </param>
    /// <param name="progress">Receives the share of the tokens that are checked, 0 to 1.</param>
    /// <param name="cancellationToken">Stops the check of the tokens.</param>
    /// <exception cref="GptException">
    /// <c>TrainingRunOptionsInvalid</c>, <c>TrainerOptionsInvalid</c>, <c>PluginNotFound</c>, <c>PluginParameterUnknown</c>,
    /// <c>PluginParameterInvalid</c>, <c>PluginFailed</c>, <c>LearningRateInvalid</c>, <c>TokenizerMismatch</c>, <c>SequenceTooLong</c>,
    /// <c>BatchShapeInvalid</c>, <c>TooFewTokens</c>, <c>TokenOutsideVocabulary</c>, <c>ModelInUse</c>, <c>OutOfMemory</c>.
    /// </exception>
    public TrainingRun(
        GptModel model, TokenDataset dataset, TrainingRunOptions options, LearningRateRule? rule = null, bool timesKernels = false,
        ICommunicator? communicator = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        PluginCheck.Require(options);
        options = options.For(model);
        model.RequireTokenizer(dataset.TokenizerName);
        TokenCheck.RequireInVocabulary(dataset, model.Configuration.VocabularySize, progress, cancellationToken);
        this.options = options;
        this.communicator = communicator ?? SingleProcess.Instance;
        (Dataset, HasRule) = (dataset, rule is not null);
        OptionCheck.OfRun.Require(
            options.SequenceWarmupSteps == 0 || options.SequenceLength!.Value % SequenceWarmup.MaximumPieceCount == 0,
            $"rows of {options.SequenceLength} tokens cannot be cut into {SequenceWarmup.MaximumPieceCount} equal pieces");
        source = new SequenceWarmup(
            Source(dataset, options, model.Configuration.VocabularySize, this.communicator), options.SequenceWarmupSteps);
        position = source.Position;
        PlannedStepCount = PlanSteps();
        plan = new LearningRatePlan(options, PlannedStepCount, rule);
        evaluation = new LossEvaluator(model, dataset, options, this.communicator);
        if (options.Patience > 0 || options.ValidateFirst || options.EstimateTrainingLoss)
            evaluation.RequireBatches();
        best = new BestState(model);
        earlyStop = new EarlyStop(options.Patience);
        trainer = new Trainer(model, options.Trainer, timesKernels, state: null, this.communicator);
        try
        {
            trainer.Prepare(options.BatchSize, options.SequenceLength!.Value);
            observers = new StepObservers(model, options);
        }
        catch
        {
            trainer.Dispose();
            throw;
        }
    }

    /// <summary>The model that is trained.</summary>
    public GptModel Model => trainer.Model;

    /// <summary>The cost of each operator in training, the longest first; empty unless it was asked for.</summary>
    public IReadOnlyList<KernelTime> KernelTimes => trainer.KernelTimes;

    /// <summary>The text that it is trained on.</summary>
    public TokenDataset Dataset { get; }

    /// <summary>The run.</summary>
    public TrainingRunOptions Options => options;

    /// <summary>Whether a rule of the caller's own decides the learning rates.</summary>
    public bool HasRule { get; }

    /// <summary>Whether the loss on held-out text is measured: it was asked for, and there is enough text for one batch.</summary>
    public bool MeasuresValidation => options.ValidationInterval > 0 && evaluation.HasBatches;

    /// <summary>Whether the model is copied in memory at each new lowest loss on held-out text, for <see cref="RestoreBest"/>.</summary>
    public bool KeepsBest { get; init; }

    /// <summary>Writes the samples of <see cref="TrainingRunOptions.SampleInterval"/>: takes the step, and gives the text.</summary>
    public Func<int, CancellationToken, string>? Sampler { get; init; }

    /// <summary>The processes that train together.</summary>
    public ICommunicator Communicator => communicator;

    /// <summary>The number of tokens of a step, those of all processes together.</summary>
    public long TokensPerStep => (long)options.BatchSize * options.SequenceLength!.Value * options.Accumulation * communicator.Size;

    /// <summary>The maximum number of steps, with those before the run was resumed; null if only the time limits it.</summary>
    public int? PlannedStepCount { get; }

    /// <summary>The number of finished steps, with those before the run was resumed.</summary>
    public int DoneStepCount { get; private set; }

    /// <summary>The progress of the run after its last finished step.</summary>
    public TrainingProgress Progress => new()
    {
        Step = trainer.State.Step,
        RunStep = DoneStepCount,
        Epoch = epoch,
        BatchCount = batchCount,
        Position = position,
        BestValidationLoss = earlyStop.BestLoss,
        EvaluationsWithoutImprovement = earlyStop.EvaluationsWithoutImprovement,
        RecentLosses = trainer.Outliers?.RecentLosses ?? [],
        RecentGradientNorms = trainer.Outliers?.RecentNorms ?? [],
        ElapsedSeconds = ElapsedSeconds,
    };

    /// <summary>The time of the run in seconds, without the time between its parts if it was resumed.</summary>
    public double ElapsedSeconds => secondsBefore + clock.Elapsed.TotalSeconds;

    /// <summary>The shapes of the optimizer's moments in this process.</summary>
    internal IReadOnlyList<TensorShape> MomentShapes => trainer.MomentShapes;

    /// <summary>
    /// Whether this process failed within a step. The other processes wait for it there, so nothing can be exchanged with them any more.
    /// </summary>
    internal bool IsInterrupted { get; private set; }

    /// <summary>
    /// Continues an earlier run with the same options and text: with the same weights and moments it ends with the same bits as one that
    /// was never stopped. Call it before the first step.
    /// </summary>
    /// <exception cref="GptException">
    /// <c>CheckpointMismatch</c>: the model stands at another step, or the text or the options are others.
    /// </exception>
    /// <exception cref="OperationCanceledException">The call was cancelled while the text's order was found again.</exception>
    public void Resume(TrainingProgress progress, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(progress);
        if (progress.Step != trainer.State.Step || progress.RunStep < 0 || progress.RunStep > progress.Step)
            throw Mismatch($"the model stands at step {trainer.State.Step}, but the run stopped at step {progress.Step}");
        try
        {
            source.MoveTo(progress.Position, cancellationToken);
        }
        catch (GptException exception) when (exception.ErrorId == ErrorIds.BatchPositionInvalid)
        {
            throw Mismatch(exception.Message, exception);
        }

        if (trainer.Outliers is { } outliers)
            (outliers.RecentLosses, outliers.RecentNorms) = (progress.RecentLosses, progress.RecentGradientNorms);
        earlyStop.Restore(progress.BestValidationLoss, progress.EvaluationsWithoutImprovement);
        (DoneStepCount, position, epoch, secondsBefore) = (progress.RunStep, progress.Position, progress.Epoch, progress.ElapsedSeconds);
        isResumed = true;
        batchCount = progress.BatchCount > 0 ? progress.BatchCount : (long)DoneStepCount * options.Accumulation;
    }

    /// <summary>Refuses a run in which nothing can be measured on held-out text.</summary>
    /// <exception cref="GptException"><c>NothingToMeasure</c>.</exception>
    public void RequireValidation() => evaluation.RequireBatches();

    /// <summary>Puts the weights, moments and step of the lowest loss on held-out text back into the model.</summary>
    /// <returns>Whether they were kept: false before the first measurement, and if <see cref="KeepsBest"/> is false.</returns>
    public bool RestoreBest() => best.Restore();

    /// <summary>Frees the working memory; the model and its training state stay.</summary>
    public void Dispose()
    {
        try
        {
            observers.Dispose();
        }
        finally
        {
            average?.Dispose();
            evaluationPass?.Dispose();
            trainer.Dispose();
            best.Dispose();
        }
    }

    private static IDataLoader Source(TokenDataset dataset, TrainingRunOptions options, int V, ICommunicator communicator)
    {
        var setup = new BatchSourceSetup(dataset.Training, options.BatchSize, options.SequenceLength!.Value, options.Seed!.Value)
        {
            VocabularySize = V,
            PluginParameter = options.Trainer.PluginParameter,
        };
        var source = BatchSourceCatalog.Registry.Get(options.BatchSource ?? options.Order.ToString()).Create(setup);
        if (communicator.Size > 1)
            source = new RankDataLoader(source, communicator.Rank, communicator.Size);
        return options.OverfitOneBatch ? new RepeatedBatchLoader(source) : source;
    }

    /// <summary>The steps that fit both limits.</summary>
    private int? PlanSteps()
    {
        if (options.Epochs is not { } epochs)
            return options.Steps;
        var steps = Math.Max(1, Math.Ceiling(epochs * source.TokensPerEpoch / TokensPerStep));
        return (int)Math.Min(steps, options.Steps ?? int.MaxValue);
    }

    private static GptException Mismatch(string problem, Exception? inner = null) =>
        new(
            "CheckpointMismatch", GptErrorKind.InvalidData,
            $"The run cannot be resumed: {problem}. Give the model, the text and the options that it was begun with.", inner);
}
