namespace PsGpt.Generation;

/// <summary>A prompt that was checked, with how it is to be continued; from <see cref="TextGenerator"/>.</summary>
public sealed class CompletionRequest
{
    internal CompletionRequest(string prompt, int[] tokens, SamplingOptions options) =>
        (Prompt, Tokens, Options) = (prompt, tokens, options);

    /// <summary>The text to continue.</summary>
    public string Prompt { get; }

    /// <summary>How it is continued.</summary>
    public SamplingOptions Options { get; }

    /// <summary>What the model reads.</summary>
    internal int[] Tokens { get; }

    /// <summary>The same with another seed.</summary>
    public CompletionRequest WithSeed(ulong seed) => new(Prompt, Tokens, Options with { Seed = seed });
}
