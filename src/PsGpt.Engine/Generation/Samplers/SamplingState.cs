namespace PsGpt.Generation;

/// <summary>What a sampler may look at beside the logits.</summary>
/// <param name="tokens">The prompt and what was generated so far.</param>
/// <param name="promptLength">How many of the tokens are the prompt.</param>
/// <param name="random">The random stream of the completion; the token is drawn from it afterwards.</param>
/// <param name="cancellationToken">Is cancelled when the completion is stopped.</param>
public readonly ref struct SamplingState(
    ReadOnlySpan<int> tokens, int promptLength, RandomStream random, CancellationToken cancellationToken = default)
{
    /// <summary>The prompt and what was generated so far.</summary>
    public ReadOnlySpan<int> Tokens { get; } = tokens;

    /// <summary>How many of the tokens are the prompt.</summary>
    public int PromptLength { get; } = promptLength;

    /// <summary>The random stream of the completion; the token is drawn from it afterwards.</summary>
    public RandomStream Random { get; } = random;

    /// <summary>Is cancelled when the completion is stopped.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>What was generated so far.</summary>
    public ReadOnlySpan<int> Generated => Tokens[PromptLength..];
}
