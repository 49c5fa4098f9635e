using System.Collections.Concurrent;

namespace PsGpt.Plugins;

/// <summary>
/// A thread that code of strangers runs on, so that its caller can go on without it where it never returns. .NET cannot end a thread: one
/// that does not come back is left to itself and never used again.
/// </summary>
internal sealed class PluginThread
{
    private const int StackSize = 16 << 20;

    [ThreadStatic]
    private static bool isCurrent;

    private static readonly ConcurrentStack<PluginThread> Idle = new();

    private readonly SemaphoreSlim begin = new(0);
    private readonly ManualResetEventSlim end = new();
    private Action call = () => { };
    private ExecutionContext? context;
    private Exception? failure;

    /// <summary>Whether the caller stands on such a thread already.</summary>
    public static bool IsCurrent => isCurrent;

    /// <summary>Begins a call in the caller's context, on a thread that is free or a new one.</summary>
    public static PluginThread Begin(Action call)
    {
        if (!Idle.TryPop(out var thread))
        {
            thread = new PluginThread();
            new Thread(thread.Work, StackSize) { IsBackground = true, Name = "PsGpt plug-in" }.UnsafeStart();
        }

        (thread.call, thread.context, thread.failure) = (call, ExecutionContext.Capture(), null);
        thread.end.Reset();
        thread.begin.Release();
        return thread;
    }

    /// <summary>Waits for the end of the call; false where the time is over before.</summary>
    public bool Wait(TimeSpan time) => end.Wait(time);

    /// <summary>Makes the thread free again after the end of the call.</summary>
    /// <returns>What the call threw, or null.</returns>
    public Exception? Release()
    {
        var thrown = failure;
        (call, context, failure) = (() => { }, null, null);
        Idle.Push(this);
        return thrown;
    }

    private void Work()
    {
        isCurrent = true;
        while (true)
        {
            begin.Wait();
            if (context is null)
                Call();
            else
                ExecutionContext.Run(context, static thread => ((PluginThread)thread!).Call(), this);
            end.Set();
        }
    }

    private void Call()
    {
        try
        {
            call();
        }
        catch (Exception exception)
        {
            // It would end the process here.
            failure = exception;
        }
    }
}
