using PsGpt.Plugins;
using PsGpt.Tensors;

namespace PsGpt.Training;

/// <summary>
/// An optimizer of another assembly. It works on copies of parameters, gradients and moments, which are taken over where they are
/// finite: an update that throws, is stopped, never returns or leaves NaN changes nothing. That needs a second copy of all in memory.
/// </summary>
/// <param name="inner">The optimizer, made for <paramref name="setup"/>.</param>
/// <param name="guard">Knows its name.</param>
/// <param name="setup">The copies.</param>
internal sealed class GuardedOptimizer(IOptimizer inner, PluginGuard guard, OptimizerSetup setup) : IOptimizer, IDisposable
{
    private TensorSet? ownGradients;

    public void Update(TensorSet gradients, in OptimizerStep step)
    {
        setup.RefreshCopies();
        var copied = ownGradients ??= new TensorSet(gradients.Shapes);
        gradients.CopyTo(copied);
        var numbers = step;
        guard.Run(() => inner.Update(copied, numbers), step.CancellationToken);
        foreach (var tensor in setup.Model.Weights.Tensors)
            guard.Require(IsFinite(tensor), $"left NaN or an infinite number in the parameter '{tensor.Name}'");
        setup.TakeCopies();
    }

    public void Dispose()
    {
        guard.End(inner);

        // A call that never returned may still write to them.
        if (guard.IsLost)
            return;
        ownGradients?.Dispose();
        setup.FreeCopies();
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
