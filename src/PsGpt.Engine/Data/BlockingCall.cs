namespace PsGpt.Data;

/// <summary>Calls of the system that no token can stop, such as opening a pipe that nobody writes to.</summary>
internal static class BlockingCall
{
    /// <summary>Runs a call on another thread. A cancelled call is left behind there, and its result is freed.</summary>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public static T Run<T>(Func<T> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!cancellationToken.CanBeCanceled)
            return call();
        var task = Task.Run(call, CancellationToken.None);
        try
        {
            return task.WaitAsync(cancellationToken).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            task.ContinueWith(
                static done => (done.IsCompletedSuccessfully ? done.Result as IDisposable : null)?.Dispose(), TaskScheduler.Default);
            throw;
        }
    }
}
