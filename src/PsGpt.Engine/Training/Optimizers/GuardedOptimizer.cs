using PsGpt.Plugins;
using PsGpt.Tensors;

namespace PsGpt.Training;

/// <summary>
/// An optimizer of another assembly. If an update throws, is cancelled or leaves NaN, parameters and moments are put back as they
/// were before it. That needs a second copy of both in memory.
/// </summary>
internal sealed class GuardedOptimizer : IOptimizer, IDisposable
{
    private readonly IOptimizer inner;
    private readonly PluginGuard guard;
    private readonly List<(TensorSet Used, TensorSet Kept)> sets = [];
    private readonly OptimizerSetup setup;

    public GuardedOptimizer(IOptimizer inner, PluginGuard guard, OptimizerSetup setup) =>
        (this.inner, this.guard, this.setup) = (inner, guard, setup);

    public void Update(TensorSet gradients, in OptimizerStep step)
    {
        Keep();
        try
        {
            guard.Run((inner, gradients, step), static call => call.inner.Update(call.gradients, call.step));
            foreach (var tensor in setup.Model.Weights.Tensors)
                guard.Require(IsFinite(tensor), $"left NaN or an infinite number in the parameter '{tensor.Name}'");
        }
        catch
        {
            foreach (var (used, kept) in sets)
                kept.CopyTo(used);
            throw;
        }
    }

    public void Dispose()
    {
        (inner as IDisposable)?.Dispose();
        foreach (var (_, kept) in sets)
            kept.Dispose();
    }

    private void Keep()
    {
        TensorSet[] used = [setup.Model.Weights, .. setup.Moments];
        foreach (var set in used.Skip(sets.Count))
            sets.Add((set, new TensorSet(set.Shapes)));
        foreach (var (from, kept) in sets)
            from.CopyTo(kept);
    }

    private static bool IsFinite(Tensor tensor)
    {
        foreach (var (start, length) in Ranges(tensor))
        {
            foreach (var value in tensor.Range(start, length))
            {
                if (!float.IsFinite(value))
                    return false;
            }
        }

        return true;
    }

    /// <summary>A span holds fewer values than a tensor may have.</summary>
    private static IEnumerable<(nint Start, int Length)> Ranges(Tensor tensor)
    {
        const int Most = 1 << 24;
        for (nint start = 0; start < tensor.Length; start += Most)
            yield return (start, (int)Math.Min(Most, tensor.Length - start));
    }
}
