using PsGpt.Data;

namespace PsGpt.Training;

/// <summary>
/// Rows that are short at first (Li, Zhang and He 2022, <em>sequence length warmup</em>): a batch is cut into eighths of its rows, then
/// into quarters, then into halves, each for a third of the warm-up. A model soon learns to look at the token before when there are few to
/// look at. The tokens of each step are those that it takes without a warm-up, so the place in the text is the same too.
/// </summary>
/// <param name="inner">Makes the batches of whole rows.</param>
/// <param name="stepCount">The number of steps of the warm-up; 0 for none.</param>
internal sealed class SequenceWarmup(IDataLoader inner, int stepCount) : IDataLoader
{
    /// <summary>The number of pieces of a row at first; lengths of rows must be multiples of it.</summary>
    public const int MaximumPieceCount = 8;

    private const int StageCount = 3;

    /// <summary>The number of the run's step that takes the next batches, from 1.</summary>
    public int Step { get; set; } = 1;

    /// <inheritdoc/>
    public double Epoch => inner.Epoch;

    /// <inheritdoc/>
    public long TokensPerEpoch => inner.TokensPerEpoch;

    /// <inheritdoc/>
    public BatchPosition Position => inner.Position;

    private int PieceCount => Step > stepCount ? 1 : MaximumPieceCount >> (int)((long)StageCount * (Step - 1) / stepCount);

    /// <inheritdoc/>
    public void MoveTo(BatchPosition position, CancellationToken cancellationToken = default) =>
        inner.MoveTo(position, cancellationToken);

    /// <inheritdoc/>
    public void Skip(int count) => inner.Skip(count);

    /// <summary>Makes the next batch. The target of a piece's last token is the first of the next piece, as in the whole row.</summary>
    public TokenBatch Next()
    {
        var batch = inner.Next();
        return PieceCount == 1 ? batch : new TokenBatch(
            batch.Inputs, batch.Targets, batch.BatchSize * PieceCount, batch.SequenceLength / PieceCount, batch.TokenizerName,
            batch.EndOfTextTokens);
    }
}
