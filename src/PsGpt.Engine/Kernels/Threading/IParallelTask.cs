namespace PsGpt.Kernels.Threading;

/// <summary>Work over a range of independent items. Which thread does which range must not change the result.</summary>
internal interface IParallelTask
{
    /// <summary>Does the items <paramref name="start"/> … <paramref name="end"/> − 1.</summary>
    void Execute(int start, int end);
}
