using PsGpt.Kernels.Threading;

namespace PsGpt.Unit.Kernels;

/// <summary>Counts for each item how often it is done.</summary>
internal readonly unsafe struct CountTask(int* counts) : IParallelTask
{
    public void Execute(int start, int end)
    {
        for (var i = start; i < end; i++)
            Interlocked.Increment(ref counts[i]);
    }
}
