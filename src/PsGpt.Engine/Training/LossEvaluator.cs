using System.Diagnostics;
using PsGpt.Data;
using PsGpt.Model;

namespace PsGpt.Training;

/// <summary>Measures a model on the same batches of held-out text each time, so that the losses can be compared.</summary>
public sealed class LossEvaluator
{
    private readonly IDataLoader? source;
    private readonly BatchPosition first = new();
    private readonly int count;
    private readonly int batchSize;
    private readonly int sequenceLength;

    /// <summary>Chooses the batches: random windows, or the first ones where the order is not random.</summary>
    /// <param name="dataset">Its held-out ids are measured on.</param>
    /// <param name="options">Sizes, order, seed and <see cref="TrainingRunOptions.ValidationBatches"/>.</param>
    public LossEvaluator(TokenDataset dataset, TrainingRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        (batchSize, sequenceLength) = (options.BatchSize, options.SequenceLength);
        (source, count) = (Source(dataset, options), options.ValidationBatches);
        first = source?.Position ?? first;
    }

    /// <summary>Whether there is anything to measure on: enough held-out text for one batch.</summary>
    public bool HasBatches => source is not null;

    /// <summary>Measures a model that is not being trained.</summary>
    /// <exception cref="GptException"><c>NothingToMeasure</c>, <c>SequenceTooLong</c>, <c>TokenizerMismatch</c>, <c>TokenOutsideVocabulary</c>, <c>OutOfMemory</c>.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public LossMeasurement Measure(GptModel model, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (source is null)
        {
            throw new GptException("NothingToMeasure", GptErrorKind.InvalidData,
                "Too little text is held out for one batch to measure the loss on. Hold out more of it, or use a smaller batch size or sequence length.");
        }

        var start = Stopwatch.GetTimestamp();
        using var pass = new GptPass(model, batchSize, sequenceLength, forTraining: false);
        var loss = Measure(batch => pass.ComputeLoss(batch, cancellationToken), cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return new LossMeasurement(loss, (long)count * batchSize * sequenceLength, model.TrainingState.Step, elapsed);
    }

    /// <summary>The mean of the batches' losses. The batches are drawn one by one, always the same: any number of them needs no memory.</summary>
    internal float Measure(Func<TokenBatch, float> loss, CancellationToken cancellationToken)
    {
        source!.MoveTo(first, cancellationToken);
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            sum += loss(source.Next());
        }

        return (float)(sum / count);
    }

    private static IDataLoader? Source(TokenDataset dataset, TrainingRunOptions options)
    {
        var (heldOut, B, T) = (dataset.Validation, options.BatchSize, options.SequenceLength);
        if (options.ValidationInterval == 0)
            return null;
        if (options.Order == BatchOrder.Random)
            return heldOut.Count > T ? new RandomDataLoader(heldOut, B, T, options.Seed + 1) : null;
        return heldOut.Count > (long)B * T ? new ShardDataLoader(heldOut, B, T) : null;
    }
}
