using PsGpt.Kernels.Threading;

namespace PsGpt.Unit.Kernels;

/// <summary>Runs out of memory at one item.</summary>
internal readonly struct FailingTask(int at) : IParallelTask
{
    public void Execute(int start, int end)
    {
        if (start <= at && at < end)
            throw new GptException("OutOfMemory", GptErrorKind.LimitExceeded, "none left");
    }
}
