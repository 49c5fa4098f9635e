using PsGpt.Plugins;

namespace PsGpt.Kernels.Threading;

/// <summary>
/// Parallel loops for plug-ins, on threads of their own: a plug-in that never returns takes none from the engine. The number of threads is
/// that of the processors, or <c>PSGPT_THREADS</c>. A loop within a loop is done by its caller alone, with the same result.
/// </summary>
public static class WorkTeam
{
    private static readonly Lock Gate = new();
    private static ThreadTeam? team;
    private static int lostCount;

    /// <summary>The number of threads, the caller among them.</summary>
    public static int ThreadCount => ThreadTeam.Shared.ThreadCount;

    // The threads of a team may be those of a plug-in that was lost.
    private static ThreadTeam Team
    {
        get
        {
            lock (Gate)
            {
                if (team is null || lostCount != PluginGuard.LostCount)
                    (team, lostCount) = (new ThreadTeam(ThreadCount), PluginGuard.LostCount);
                return team;
            }
        }
    }

    /// <summary>Does independent items on all threads, and returns when all are done.</summary>
    /// <param name="count">The number of items.</param>
    /// <param name="body">Does the items from the first number to the second, without it; it may be called for any cut of them.</param>
    /// <param name="cancellationToken">Ends the loop between two parts.</param>
    /// <exception cref="OperationCanceledException">The loop was cancelled; some items are not done.</exception>
    /// <remarks>An exception of the body is thrown to the caller.</remarks>
    public static void For(int count, Action<int, int> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        Team.For(count, minChunk: 1, new Loop(body, ExecutionContext.Capture(), cancellationToken));
    }

    /// <summary>Each part runs in the context of the caller, so that it is known whose code it is.</summary>
    private readonly struct Loop(Action<int, int> body, ExecutionContext? context, CancellationToken cancellationToken) : IParallelTask
    {
        public void Execute(int start, int end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var part = body;
            if (context is null)
                part(start, end);
            else
                ExecutionContext.Run(context, _ => part(start, end), null);
        }
    }
}
