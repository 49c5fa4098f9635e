namespace PsGpt.Kernels.Threading;

/// <summary>
/// Parallel loops on the threads of the engine, for plug-ins. The number of threads is that of the processors, or
/// <c>PSGPT_THREADS</c>. A loop within a loop is done by its caller alone, with the same result.
/// </summary>
public static class WorkTeam
{
    /// <summary>The number of threads, the caller among them.</summary>
    public static int ThreadCount => ThreadTeam.Shared.ThreadCount;

    /// <summary>Does independent items on all threads, and returns when all are done.</summary>
    /// <param name="count">The number of items.</param>
    /// <param name="body">Does the items from the first number to the second, without it; it may be called for any cut of them.</param>
    /// <param name="cancellationToken">Ends the loop between two parts.</param>
    /// <exception cref="OperationCanceledException">The loop was cancelled; some items are not done.</exception>
    /// <remarks>An exception of the body is thrown to the caller.</remarks>
    public static void For(int count, Action<int, int> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        ThreadTeam.Shared.For(count, minChunk: 1, new Loop(body, cancellationToken));
    }

    private readonly struct Loop(Action<int, int> body, CancellationToken cancellationToken) : IParallelTask
    {
        public void Execute(int start, int end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            body(start, end);
        }
    }
}
