using System.Collections;
using System.Management.Automation;
using PsGpt.Plugins;

namespace PsGpt.Commands;

/// <summary>
/// The base of all cmdlets: a token that Ctrl+C cancels, and exceptions that become ErrorRecords. A cmdlet overrides
/// <see cref="Begin"/>, <see cref="Process"/> and <see cref="End"/> and lets exceptions pass.
/// </summary>
public abstract class GptCmdlet : PSCmdlet, IDisposable
{
    // Never disposed: PowerShell may stop a cmdlet while another thread disposes it. It holds no timer and no handle.
    private readonly CancellationTokenSource stop = new();

    /// <summary>Is cancelled when the pipeline is stopped; given to every long call of the engine.</summary>
    protected internal CancellationToken StopToken => stop.Token;

    /// <summary>The object that is at fault when <see cref="Process"/> or <see cref="End"/> fails.</summary>
    protected virtual object? Target => null;

    /// <summary>Runs before the first input. An exception here ends the whole call.</summary>
    protected virtual void Begin()
    {
    }

    /// <summary>Runs for each input. An exception here is the error of that input alone; the next one is still served.</summary>
    protected virtual void Process()
    {
    }

    /// <summary>Runs after the last input.</summary>
    protected virtual void End()
    {
    }

    /// <inheritdoc/>
    protected sealed override void BeginProcessing()
    {
        try
        {
            using var stopped = PluginGuard.StoppedBy(StopToken);
            ArgumentReport.WriteAll(this);
            Begin();
        }
        catch (OperationCanceledException exception) when (IsStop(exception))
        {
            throw new PipelineStoppedException();
        }
        catch (Exception exception) when (ToErrorRecord(exception, Target) is { } record)
        {
            if (stop.IsCancellationRequested)
                throw Stopped(record);
            ThrowTerminatingError(record);
        }
    }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Attempt(Target, ProcessOne);

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Attempt(Target, End);

    /// <inheritdoc/>
    protected sealed override void StopProcessing() => stop.Cancel();

    /// <summary>Runs a piece of work that may fail on its own: its exception becomes an ErrorRecord, and the cmdlet goes on.</summary>
    /// <param name="target">The user's object that the work is about.</param>
    /// <param name="work">The work. An exception that comes from <c>WriteObject</c> is never taken for its own.</param>
    /// <returns>Whether the work was done.</returns>
    internal bool Attempt(object? target, Action work)
    {
        try
        {
            using var stopped = PluginGuard.StoppedBy(StopToken);
            work();
            return true;
        }
        catch (OperationCanceledException exception) when (IsStop(exception))
        {
            throw new PipelineStoppedException();
        }
        catch (Exception exception) when (ToErrorRecord(exception, target) is { } record)
        {
            if (stop.IsCancellationRequested)
                throw Stopped(record);
            WriteError(record);
            return false;
        }
    }

    /// <summary>Ends the whole call with an error that every further input would give again.</summary>
    internal void EndWith(GptException error, object? target) => ThrowTerminatingError(ToErrorRecord(error, target)!);

    /// <summary>Asks before something is written. -WhatIf says whether the call would replace something, or fail.</summary>
    /// <param name="subject">The thing that is written.</param>
    /// <param name="path">The path.</param>
    /// <param name="action">The operation, such as <c>Export model</c>.</param>
    /// <param name="obstacle">The error that writing would end with; null if the path is free.</param>
    internal bool ShouldWrite(string subject, string path, string action, GptException? obstacle) => ShouldProcess($"{subject} -> {path}",
        obstacle is not null ? $"{action}, which would fail: {obstacle.Message}" :
        Path.Exists(path) ? $"{action}, and replace what is there" :
        action);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the cmdlet holds. Runs whether or not <see cref="End"/> did.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }

    private void ProcessOne()
    {
        ArgumentReport.WriteAll(this);
        Process();
    }

    /// <summary>
    /// The end of a stopped pipeline. It takes no more errors, but one has to be known: that of a plug-in which did not end with it.
    /// </summary>
    private PipelineStoppedException Stopped(ErrorRecord record)
    {
        if (SessionState.PSVariable.GetValue("global:Error") is ArrayList errors)
            errors.Insert(0, record);
        Host.UI?.WriteErrorLine(record.ToString());
        return new PipelineStoppedException();
    }

    /// <summary>Whether the pipeline was stopped, which a script block may notice first.</summary>
    private bool IsStop(OperationCanceledException exception) =>
        stop.IsCancellationRequested || exception.InnerException is PipelineStoppedException;

    private ErrorRecord? ToErrorRecord(Exception exception, object? target) => exception switch
    {
        GptException error => new ErrorRecord(error, error.ErrorId, CategoryOf(error.Kind), target)
        {
            ErrorDetails = ParameterHints.For(error, GetType()) is { } details ? new ErrorDetails(details) : null,
        },

        // A path that PowerShell could not resolve brings PowerShell's own record, such as PathNotFound.
        SessionStateException error => new ErrorRecord(error.ErrorRecord, error),
        FileNotFoundException or DirectoryNotFoundException =>
            new ErrorRecord(exception, "FileNotFound", ErrorCategory.ObjectNotFound, target),
        UnauthorizedAccessException => new ErrorRecord(exception, "AccessDenied", ErrorCategory.PermissionDenied, target)
        {
            ErrorDetails = new ErrorDetails($"{exception.Message} See whether you may read and write there."),
        },
        IOException => new ErrorRecord(exception, "FileAccessFailed", ErrorCategory.ResourceUnavailable, target)
        {
            ErrorDetails = new ErrorDetails($"{exception.Message} See whether the disk or the network is there."),
        },
        OutOfMemoryException => new ErrorRecord(exception, "OutOfMemory", ErrorCategory.LimitsExceeded, target)
        {
            ErrorDetails = new ErrorDetails(
                "There is not enough memory. Use a smaller model, batch size or sequence length, or free what you no longer need."),
        },
        ObjectDisposedException => new ErrorRecord(exception, "ObjectDisposed", ErrorCategory.InvalidOperation, target)
        {
            ErrorDetails = new ErrorDetails("A model or dataset that this needs has been freed (Dispose). Load or make it again."),
        },
        _ => null,
    };

    private static ErrorCategory CategoryOf(GptErrorKind kind) => kind switch
    {
        GptErrorKind.InvalidArgument => ErrorCategory.InvalidArgument,
        GptErrorKind.InvalidData => ErrorCategory.InvalidData,
        GptErrorKind.NotFound => ErrorCategory.ObjectNotFound,
        GptErrorKind.AlreadyExists => ErrorCategory.ResourceExists,
        GptErrorKind.NotSupported => ErrorCategory.NotImplemented,
        GptErrorKind.LimitExceeded => ErrorCategory.LimitsExceeded,
        GptErrorKind.InUse => ErrorCategory.ResourceBusy,
        GptErrorKind.ReadFailed => ErrorCategory.ReadError,
        GptErrorKind.WriteFailed => ErrorCategory.WriteError,
        GptErrorKind.ConnectionFailed => ErrorCategory.ConnectionError,
        GptErrorKind.AccessDenied => ErrorCategory.PermissionDenied,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
