using PsGpt.Plugins;

namespace PsGpt.Data;

/// <summary>A data loader of another assembly: where it throws or gives another batch than was asked for, the error names it.</summary>
internal sealed class GuardedDataLoader(IDataLoader inner, PluginGuard guard, BatchSourceSetup setup) : IDataLoader
{
    public double Epoch
    {
        get
        {
            var epoch = guard.Get(() => inner.Epoch);
            guard.Require(double.IsFinite(epoch) && epoch >= 0, $"has read the text {epoch} times");
            return epoch;
        }
    }

    public long TokensPerEpoch
    {
        get
        {
            var count = guard.Get(() => inner.TokensPerEpoch);
            guard.Require(count > 0, $"has {count} tokens in one epoch");
            return count;
        }
    }

    public BatchPosition Position => guard.Get(() => inner.Position);

    public void MoveTo(BatchPosition position, CancellationToken cancellationToken = default) =>
        guard.Run(() => inner.MoveTo(position, cancellationToken), cancellationToken);

    public TokenBatch Next()
    {
        var batch = guard.Get(inner.Next);
        var (B, T, V) = (setup.BatchSize, setup.SequenceLength, setup.VocabularySize);
        guard.Require(batch.BatchSize == B && batch.SequenceLength == T, $"gave a batch of {batch} instead of {B} x {T} tokens");
        foreach (var id in batch.Inputs.Concat(batch.Targets.Where(target => target != TokenBatch.IgnoredTarget)))
        {
            if ((uint)id >= (uint)V)
                throw guard.Broken($"gave the id {id}, outside the vocabulary of {V} tokens");
        }

        return batch;
    }
}
