using System.Diagnostics;
using PsGpt.Data;
using PsGpt.Model;

namespace PsGpt.Training;

/// <summary>Measures a model on the same batches of held-out text each time, so that the losses can be compared.</summary>
public sealed class LossEvaluator
{
    private readonly TokenBatch[] batches;

    /// <summary>Chooses the batches: random windows, or the first ones where the order is not random.</summary>
    /// <param name="dataset">Its held-out ids are measured on.</param>
    /// <param name="options">Sizes, order, seed and <see cref="TrainingRunOptions.ValidationBatches"/>.</param>
    public LossEvaluator(TokenDataset dataset, TrainingRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        batches = Source(dataset, options) is { } source ? [.. Enumerable.Range(0, options.ValidationBatches).Select(_ => source.Next())] : [];
    }

    /// <summary>Whether there is anything to measure on: enough held-out text for one batch.</summary>
    public bool HasBatches => batches.Length > 0;

    /// <summary>Measures a model that is not being trained.</summary>
    /// <exception cref="GptException"><c>NothingToMeasure</c>, <c>SequenceTooLong</c>, <c>TokenizerMismatch</c>, <c>TokenOutsideVocabulary</c>, <c>OutOfMemory</c>.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public LossMeasurement Measure(GptModel model, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!HasBatches)
        {
            throw new GptException("NothingToMeasure", GptErrorKind.InvalidData,
                "Too little text is held out for one batch to measure the loss on. Hold out more of it, or use a smaller batch size or sequence length.");
        }

        var start = Stopwatch.GetTimestamp();
        using var pass = new GptPass(model, batches[0].BatchSize, batches[0].SequenceLength, forTraining: false);
        var loss = Measure(batch => pass.ComputeLoss(batch, cancellationToken));
        return new LossMeasurement(loss, batches.Sum(batch => (long)batch.TokenCount), model.TrainingState.Step, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    /// <summary>The mean of the batches' losses.</summary>
    internal float Measure(Func<TokenBatch, float> loss) => batches.Average(loss);

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
