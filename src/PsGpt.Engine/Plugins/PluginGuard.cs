using System.Diagnostics;
using System.Globalization;

namespace PsGpt.Plugins;

/// <summary>Calls a plug-in, so that each of its mistakes becomes an error that names it.</summary>
public sealed class PluginGuard
{
    [ThreadStatic]
    private static string? current;

    private readonly string subject;
    private readonly PluginLimits limits;

    /// <summary>Makes a guard.</summary>
    /// <param name="kind">The word for the kind in messages, such as <c>sampler</c>.</param>
    /// <param name="name">The name of the plug-in.</param>
    public PluginGuard(string kind, string name)
        : this(kind, name, PluginLimits.Default)
    {
    }

    internal PluginGuard(string kind, string name, PluginLimits limits) => (subject, this.limits) = ($"{kind} '{name}'", limits);

    /// <summary>The plug-in that runs on this thread, such as <c>sampler 'no-digits'</c>, or null.</summary>
    public static string? Current => current;

    /// <summary>Whether an object, or the code of a delegate, is not the engine's own, which needs no guard.</summary>
    public static bool IsForeign(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var assembly = value is Delegate code ? code.Method.Module.Assembly : value.GetType().Assembly;
        return assembly != typeof(PluginGuard).Assembly;
    }

    /// <summary>Calls the plug-in.</summary>
    /// <param name="state">The state that the call needs; a ref struct may hold spans.</param>
    /// <param name="call">The call.</param>
    /// <exception cref="GptException"><c>PluginFailed</c>, or the id of a <see cref="GptException"/> of the plug-in.</exception>
    /// <exception cref="OperationCanceledException">The plug-in was cancelled, and threw with a token that says so.</exception>
    public void Run<TState>(TState state, Action<TState> call)
        where TState : allows ref struct
    {
        ArgumentNullException.ThrowIfNull(call);
        var (outer, start, bytes) = (current, Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
        current = subject;
        try
        {
            call(state);
        }
        catch (OperationCanceledException exception) when (exception.CancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (GptException exception)
        {
            throw exception.ErrorId == "PluginFailed" ? exception : new GptException(
                exception.ErrorId, exception.Kind, $"The {subject} failed: {exception.Message}", exception);
        }
        catch (Exception exception)
        {
            throw Failed($"failed: {exception.Message.TrimEnd('.')} ({exception.GetType().Name})", exception);
        }
        finally
        {
            current = outer;
        }

        RequireWithinLimits(Stopwatch.GetElapsedTime(start), GC.GetAllocatedBytesForCurrentThread() - bytes);
    }

    /// <summary>Calls the plug-in.</summary>
    /// <exception cref="GptException"><c>PluginFailed</c>.</exception>
    public void Run(Action call) => Run(call, static call => call());

    /// <summary>Calls the plug-in for a result.</summary>
    /// <exception cref="GptException"><c>PluginFailed</c>; also where the result is null.</exception>
    public T Get<T>(Func<T> call)
    {
        T? result = default;
        Run(() => result = call());
        return result ?? throw Failed("gave nothing");
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

    private void RequireWithinLimits(TimeSpan time, long bytes)
    {
        var seconds = limits.Time.TotalSeconds;
        Require(time <= limits.Time, $"took {time.TotalSeconds:0.###} seconds for one call, but {seconds:0.###} are allowed");
        Require(bytes <= limits.Bytes, $"allocated {bytes:N0} bytes in one call, but {limits.Bytes:N0} are allowed");
    }

    private GptException Failed(string problem, Exception? inner = null) => new("PluginFailed", GptErrorKind.InvalidArgument,
        string.Create(CultureInfo.InvariantCulture, $"The {subject} {problem}. Correct the plug-in, or leave it out."), inner);
}
