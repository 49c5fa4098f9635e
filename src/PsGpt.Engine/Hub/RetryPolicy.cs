namespace PsGpt.Hub;

/// <summary>Asks again after failures that may pass, each time after a longer while: 1, 2, 4, 8 seconds.</summary>
internal sealed class RetryPolicy(TimeProvider clock)
{
    private const int MostRetries = 4;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private int failures;

    /// <summary>Runs an attempt until it gives a result.</summary>
    /// <param name="retries">Whether to ask again at all.</param>
    /// <param name="beforeWait">Called before each pause.</param>
    /// <exception cref="GptException">The error of the last attempt.</exception>
    public static T Run<T>(Func<T> attempt, TimeProvider clock, bool retries, Action beforeWait, CancellationToken cancellationToken)
    {
        var policy = new RetryPolicy(clock);
        while (true)
        {
            try
            {
                return attempt();
            }
            catch (TransientFailure failure)
            {
                if (!retries)
                    throw failure.Error;
                beforeWait();
                policy.Wait(failure, cancellationToken);
            }
        }
    }

    /// <summary>An attempt got somewhere: failures are counted anew.</summary>
    public void Reset() => failures = 0;

    /// <summary>Waits before the next attempt, or gives up.</summary>
    /// <exception cref="GptException">There have been too many failures.</exception>
    public void Wait(TransientFailure failure, CancellationToken cancellationToken)
    {
        if (++failures > MostRetries || failure.RetryAfter > LongestWait)
            throw failure.Error;
        Task.Delay(failure.RetryAfter ?? TimeSpan.FromSeconds(1 << (failures - 1)), clock, cancellationToken).GetAwaiter().GetResult();
    }
}
