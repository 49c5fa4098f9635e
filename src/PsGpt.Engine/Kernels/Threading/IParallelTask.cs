namespace PsGpt.Kernels.Threading;

/// <summary>The body of a parallel loop over independent items. The result must not depend on which thread does which chunk.</summary>
internal interface IParallelTask
{
    /// <summary>Does the items <paramref name="start"/> … <paramref name="end"/> − 1.</summary>
    void Execute(int start, int end);
}
