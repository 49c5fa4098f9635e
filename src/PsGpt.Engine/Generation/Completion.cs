namespace PsGpt.Generation;

/// <summary>How a model continued a prompt.</summary>
public sealed class Completion
{
    internal Completion()
    {
    }

    /// <summary>The text that was continued.</summary>
    public string Prompt { get; internal init; } = "";

    /// <summary>The continuation; it begins with the prompt where <see cref="Echo"/> is set.</summary>
    public string Text { get; internal init; } = "";

    /// <summary>
    /// The tokens of the continuation, without the one that ends a text. After a stop string the last one may reach into it.
    /// </summary>
    public IReadOnlyList<int> Tokens { get; internal init; } = [];

    /// <summary>Which rule ended it.</summary>
    public FinishReason FinishReason { get; internal init; }

    /// <summary>The stop string that ended it, or null. It is not part of the text.</summary>
    public string? StopString { get; internal init; }

    /// <summary>Whether it ended within a character, which then is left out of the text.</summary>
    public bool EndsWithinCharacter { get; internal init; }

    /// <summary>Whether the text begins with the prompt.</summary>
    public bool Echo { get; internal init; }

    /// <summary>
    /// Tokens made per second, the time to read the prompt included; of completions that were made together, of all of them.
    /// </summary>
    public double TokensPerSecond { get; internal init; }

    /// <summary>The seed that gives this completion again.</summary>
    public ulong Seed { get; internal init; }

    /// <summary>
    /// The log probabilities of the tokens where they were asked for, else null; with <see cref="Echo"/> those of the prompt come
    /// first.
    /// </summary>
    public IReadOnlyList<TokenLogProbability>? LogProbabilities { get; internal init; }

    /// <summary>The text.</summary>
    public override string ToString() => Text;
}
