using System.Diagnostics;
using PsGpt.Communication;
using PsGpt.Data;
using PsGpt.Model;

namespace PsGpt.Training;

/// <summary>
/// Measures a model on the same batches of held-out text each time, whatever the seed of the run, so that the losses of several
/// runs can be compared.
/// </summary>
public sealed class LossEvaluator
{
    private const ulong ValidationSeed = 1;
    private const ulong TrainingSeed = 2;

    private readonly GptModel model;
    private readonly TokenDataset dataset;
    private readonly TrainingRunOptions options;
    private readonly int sequenceLength;
    private readonly ICommunicator communicator;

    /// <summary>Prepares measurements: on random windows, or from the start of the text where the order is not random.</summary>
    /// <param name="model">The model that is measured.</param>
    /// <param name="dataset">Its held-out ids are measured on.</param>
    /// <param name="options">
    /// Sizes, order, <see cref="TrainingRunOptions.ValidationBatches"/> and <see cref="TrainingRunOptions.EstimateTrainingLoss"/>.
    /// </param>
    /// <param name="communicator">The processes that measure together, each some of the batches; null for this one alone.</param>
    public LossEvaluator(GptModel model, TokenDataset dataset, TrainingRunOptions options, ICommunicator? communicator = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        (this.model, this.dataset, this.options, sequenceLength) = (model, dataset, options, options.For(model).SequenceLength!.Value);
        this.communicator = communicator ?? SingleProcess.Instance;
    }

    /// <summary>Whether enough text is held out for one batch.</summary>
    public bool HasBatches => dataset.Validation.Count >= NeededCount;

    /// <summary>Measures the model, which must not be in training.</summary>
    /// <exception cref="GptException">
    /// <c>NothingToMeasure</c>, <c>SequenceTooLong</c>, <c>TokenizerMismatch</c>, <c>TokenOutsideVocabulary</c>, <c>OutOfMemory</c>.
    /// </exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public LossMeasurement Measure(CancellationToken cancellationToken = default)
    {
        RequireBatches();
        var start = Stopwatch.GetTimestamp();
        using var pass = new GptPass(model, options.BatchSize, sequenceLength, forTraining: false);
        var loss = MeasureValidation(batch => pass.SumLosses(batch, cancellationToken));
        return new LossMeasurement
        {
            Loss = loss,
            TrainingLoss = options.EstimateTrainingLoss ? MeasureTraining(batch => pass.SumLosses(batch, cancellationToken)) : null,
            TokenCount = TokenCount,
            Step = model.TrainingState.Step,
            Milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds,
        };
    }

    /// <exception cref="GptException"><c>NothingToMeasure</c>.</exception>
    internal void RequireBatches()
    {
        if (HasBatches)
            return;
        throw new GptException("NothingToMeasure", GptErrorKind.InvalidData, FormattableString.Invariant(
            $"The {dataset.Validation.Count:N0} tokens that are held out are too few to measure the loss on: ")
            + FormattableString.Invariant($"rows of {sequenceLength} need {NeededCount:N0}. ")
            + "Hold out more text, or use a smaller batch size or sequence length.");
    }

    /// <summary>The mean loss of the tokens of the batches of held-out text.</summary>
    /// <param name="sum">The sum of the losses of a batch.</param>
    internal float MeasureValidation(Func<TokenBatch, double> sum) => Mean(dataset.Validation, ValidationSeed, sum);

    /// <summary>The mean loss of the tokens of as many batches of the text that is trained on.</summary>
    internal float MeasureTraining(Func<TokenBatch, double> sum) => Mean(dataset.Training, TrainingSeed, sum);

    private float Mean(ITokenSource tokens, ulong seed, Func<TokenBatch, double> sum)
    {
        Span<double> total = [Batches(tokens, seed).Sum(sum)];
        communicator.AllReduce(total);
        return (float)(total[0] / TokenCount);
    }

    private long TokenCount => (long)options.ValidationBatches * options.BatchSize * sequenceLength;

    private long NeededCount => 1 + (options.Order == BatchOrder.Random ? sequenceLength : (long)options.BatchSize * sequenceLength);

    /// <summary>This process's batches, one after the other: any number of them needs no more memory than one.</summary>
    private IEnumerable<TokenBatch> Batches(ITokenSource tokens, ulong seed)
    {
        IDataLoader source = options.Order == BatchOrder.Random
            ? new RandomDataLoader(tokens, options.BatchSize, sequenceLength, seed)
            : new ShardDataLoader(tokens, options.BatchSize, sequenceLength);
        var own = communicator.Size == 1 ? source : new RankDataLoader(source, communicator.Rank, communicator.Size);
        for (var i = communicator.Rank; i < options.ValidationBatches; i += communicator.Size)
            yield return own.Next();
    }
}
