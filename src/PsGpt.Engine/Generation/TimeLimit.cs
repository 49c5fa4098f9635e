namespace PsGpt.Generation;

/// <summary>Cancels work when its time is up, or when its caller stops it.</summary>
internal sealed class TimeLimit : IDisposable
{
    private readonly CancellationToken caller;
    private readonly CancellationTokenSource? source;

    private TimeLimit(double? seconds, CancellationToken caller)
    {
        this.caller = caller;
        if (seconds is null)
            return;
        source = CancellationTokenSource.CreateLinkedTokenSource(caller);
        source.CancelAfter(TimeSpan.FromSeconds(seconds.Value));
    }

    public CancellationToken Token => source?.Token ?? caller;

    /// <summary>Why the token is cancelled.</summary>
    public FinishReason Reason => caller.IsCancellationRequested ? FinishReason.Stopped : FinishReason.Timeout;

    /// <summary>The shortest limit of several requests.</summary>
    public static TimeLimit Of(IEnumerable<CompletionRequest> requests, CancellationToken caller) =>
        new(requests.Min(request => request.Options.TimeoutSeconds), caller);

    public void Dispose() => source?.Dispose();
}
