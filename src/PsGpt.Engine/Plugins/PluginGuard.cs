using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.ExceptionServices;

namespace PsGpt.Plugins;

/// <summary>
/// Calls a plug-in, so that each of its mistakes becomes an error that names it. Code of an assembly runs on a thread of its own
/// meanwhile, and its caller waits: where a call is stopped or takes too long and does not end, the caller goes on without it, and the
/// plug-in is not called again in this process.
/// </summary>
public sealed class PluginGuard
{
    /// <summary>How long a plug-in that was stopped may take to end by itself.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(0.5);

    /// <summary>How long a plug-in that gets no more memory may take to end.</summary>
    private static readonly TimeSpan MemoryGrace = TimeSpan.FromSeconds(10);

    private static readonly AsyncLocal<PluginGuard?> Running = new();
    private static readonly AsyncLocal<CancellationToken> Stop = new();

    private readonly string subject;
    private readonly PluginLimits limits;
    private readonly bool staysOnThread;
    private readonly PluginRecord record;

    /// <summary>Makes a guard.</summary>
    /// <param name="kind">The word for the kind in messages, such as <c>sampler</c>.</param>
    /// <param name="name">The name of the plug-in.</param>
    /// <param name="staysOnThread">Whether it has to run on the thread of its caller, as scripts have to.</param>
    public PluginGuard(string kind, string name, bool staysOnThread = false)
        : this(kind, name, PluginLimits.Default, staysOnThread)
    {
    }

    internal PluginGuard(string kind, string name, PluginLimits limits, bool staysOnThread = false)
    {
        (subject, this.limits, this.staysOnThread) = ($"{kind} '{name}'", limits, staysOnThread);
        record = PluginRecord.Of(subject);
    }

    /// <summary>
    /// The plug-in that runs here, such as <c>sampler 'no-digits'</c>, or null. Threads and tasks that it starts have it too.
    /// </summary>
    public static string? Current => Running.Value?.subject;

    /// <summary>Whether a call of the plug-in never returned. Memory that it was given may still be in use then.</summary>
    internal bool IsLost => record.IsLost;

    /// <summary>How many plug-ins were lost in this process: a call of them never returned.</summary>
    internal static int LostCount => PluginRecord.LostCount;

    /// <summary>Whether an object, or the code of a delegate, is not the engine's own, which needs no guard.</summary>
    public static bool IsForeign(object value) => AssemblyOf(value) != typeof(PluginGuard).Assembly;

    /// <summary>The assembly of an object's class, or of the code of a delegate.</summary>
    internal static Assembly AssemblyOf(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value is Delegate code ? code.Method.Module.Assembly : value.GetType().Assembly;
    }

    /// <summary>
    /// Whether an object, or the code of a delegate, has to run on the thread of its caller: it belongs to a script, or was compiled by
    /// one, and needs the session of that thread.
    /// </summary>
    internal static bool StaysOnThread(object value) => value is IPluginOrigin || (value is Delegate code
        ? code.Method.DeclaringType is null || code.Method.Module.Assembly.IsDynamic
        : value.GetType().Assembly.IsDynamic);

    /// <summary>
    /// Until the result is disposed, a token stops all plug-ins that are called from here, also those that are not given one.
    /// </summary>
    public static IDisposable StoppedBy(CancellationToken cancellationToken)
    {
        var scope = new StopScope(Stop.Value);
        Stop.Value = cancellationToken;
        return scope;
    }

    /// <summary>Takes text for the console, where code of a plug-in wrote it: the plug-in fails for it.</summary>
    /// <returns>Whether it was a plug-in.</returns>
    public static bool TakesText()
    {
        Running.Value?.record.NoteWrite();
        return Running.Value is not null;
    }

    /// <summary>Calls the plug-in.</summary>
    /// <param name="call">
    /// The call. It may be given up while it runs, so it must not use memory that its caller frees or writes to.
    /// </param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="GptException"><c>PluginFailed</c>, or the id of a <see cref="GptException"/> of the plug-in.</exception>
    /// <exception cref="OperationCanceledException">The plug-in was cancelled, and threw with a token that says so.</exception>
    public void Run(Action call, CancellationToken cancellationToken = default) => Run(call, reports: null, cancellationToken);

    /// <inheritdoc cref="Run(Action, CancellationToken)"/>
    /// <param name="reports">What the plug-in reports; passed on by this thread.</param>
    internal void Run(Action call, PluginReports? reports, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        Require(!record.IsLost, $"did not return from an earlier call and may still run. It is not called again in this process");
        var start = Stopwatch.GetTimestamp();
        var bytes = 0L;
        void Measured()
        {
            Running.Value = this;
            var before = GC.GetAllocatedBytesForCurrentThread();
            call();
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        var failure = staysOnThread || PluginThread.IsCurrent ? RunHere(Measured)
            : RunAside(Measured, reports, cancellationToken);
        reports?.PassOn();
        if (failure is not null)
            Throw(failure);
        Require(!record.TakeWrite(), $"wrote to the console, which belongs to the pipeline");
        var (time, seconds) = (Stopwatch.GetElapsedTime(start), limits.Time.TotalSeconds);
        Require(time <= limits.Time, $"took {time.TotalSeconds:0.###} seconds for one call, but {seconds:0.###} are allowed");
        Require(bytes <= limits.Bytes, $"allocated {bytes:N0} bytes in one call, but {limits.Bytes:N0} are allowed");
    }

    /// <summary>Calls the plug-in for a result.</summary>
    /// <exception cref="GptException"><c>PluginFailed</c>; also where the result is null.</exception>
    public T Get<T>(Func<T> call, CancellationToken cancellationToken = default)
    {
        T? result = default;
        Run(() => result = call(), cancellationToken);
        return result ?? throw Failed("gave nothing");
    }

    /// <summary>Disposes an object of the plug-in where it can be disposed, and does not still run.</summary>
    /// <exception cref="GptException"><c>PluginFailed</c>.</exception>
    internal void End(object product)
    {
        if (product is IDisposable disposable && !IsLost)
            Run(disposable.Dispose);
    }

    /// <summary>Requires a promise of the plug-in's contract.</summary>
    /// <param name="condition">The promise.</param>
    /// <param name="problem">The plug-in's mistake, such as <c>gave NaN for token 3</c>.</param>
    /// <exception cref="GptException"><c>PluginFailed</c>.</exception>
    public void Require(bool condition, FormattableString problem)
    {
        if (!condition)
            throw Broken(problem);
    }

    /// <summary>The error for a broken promise, for loops that check many values.</summary>
    public GptException Broken(FormattableString problem) => Failed(FormattableString.Invariant(problem));

    private Exception? RunHere(Action call)
    {
        var outer = Running.Value;
        using var heap = new HeapWatch(limits.Bytes);
        using var timer = PluginThread.IsCurrent ? null : new Timer(_ => heap.Look(), null, HeapWatch.Interval, HeapWatch.Interval);
        try
        {
            call();
        }
        catch (Exception exception)
        {
            return heap.IsExceeded ? Grown(heap) : exception;
        }
        finally
        {
            Running.Value = outer;
        }

        return null;
    }

    private Exception? RunAside(Action call, PluginReports? reports, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        using var heap = new HeapWatch(limits.Bytes);
        var thread = PluginThread.Begin(call);
        while (!thread.Wait(HeapWatch.Interval))
        {
            if (cancellationToken.IsCancellationRequested || Stop.Value.IsCancellationRequested)
            {
                if (!thread.Wait(Grace))
                    throw Lost($"was stopped and did not end");
            }
            else if (Stopwatch.GetElapsedTime(start) > limits.Time)
            {
                throw Lost($"has not returned after {limits.Time.TotalSeconds:0.###} seconds, which are allowed for one call");
            }
            else if (heap.Look())
            {
                if (thread.Wait(MemoryGrace))
                    break;
                throw Lost($"allocated more than {heap.Most:N0} bytes in one call and did not end");
            }
            else
            {
                reports?.PassOn();
            }
        }

        var failure = thread.Release();
        return heap.IsExceeded ? Grown(heap) : failure;
    }

    private void Throw(Exception failure)
    {
        switch (failure)
        {
            case OperationCanceledException cancelled when cancelled.CancellationToken.IsCancellationRequested:
            case GptException { ErrorId: "PluginFailed" }:
                ExceptionDispatchInfo.Throw(failure);
                break;
            case GptException own:
                throw new GptException(own.ErrorId, own.Kind, $"The {subject} failed: {own.Message}", own);
            default:
                throw Failed($"failed: {failure.Message.TrimEnd('.')} ({failure.GetType().Name})", failure);
        }
    }

    private GptException Grown(HeapWatch heap) => Broken($"allocated more than {heap.Most:N0} bytes in one call");

    private GptException Lost(FormattableString problem)
    {
        record.Lose();
        HeapLimit.Keep();
        return new GptException("PluginFailed", GptErrorKind.InvalidArgument,
            $"The {subject} {FormattableString.Invariant(problem)}. It may still run on a thread of its own, so it is not called again in "
            + "this process. Correct the plug-in, and begin a new session.");
    }

    private GptException Failed(string problem, Exception? inner = null) => new("PluginFailed", GptErrorKind.InvalidArgument,
        string.Create(CultureInfo.InvariantCulture, $"The {subject} {problem}. Correct the plug-in, or leave it out."), inner);

    private sealed class StopScope(CancellationToken outer) : IDisposable
    {
        public void Dispose() => Stop.Value = outer;
    }
}
