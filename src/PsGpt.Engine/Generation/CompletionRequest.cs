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

    /// <summary>
    /// The special tokens whose texts in the prompt are read as plain text, since <see cref="SamplingOptions.AllowSpecial"/> is not set.
    /// </summary>
    public IReadOnlyCollection<string> IgnoredSpecialTokens { get; internal init; } = [];

    /// <summary>What the model reads.</summary>
    internal int[] Tokens { get; }

    /// <summary>The same with another seed.</summary>
    public CompletionRequest WithSeed(ulong seed) =>
        new(Prompt, Tokens, Options with { Seed = seed }) { IgnoredSpecialTokens = IgnoredSpecialTokens };
}
