namespace PsGpt.Hub;

/// <summary>A failure that may be gone a moment later: a cut connection, a busy server. Never leaves the room.</summary>
/// <param name="error">What the user is told when it stays.</param>
/// <param name="retryAfter">How long the server asks to wait; null where it does not say.</param>
internal sealed class TransientFailure(GptException error, TimeSpan? retryAfter = null) : Exception(error.Message, error)
{
    public GptException Error { get; } = error;

    public TimeSpan? RetryAfter { get; } = retryAfter;
}
