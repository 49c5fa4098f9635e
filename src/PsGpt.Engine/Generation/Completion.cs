namespace PsGpt.Generation;

/// <summary>How a model continued a prompt.</summary>
public sealed record Completion
{
    /// <summary>What was to be continued.</summary>
    public required string Prompt { get; init; }

    /// <summary>The continuation, without the prompt.</summary>
    public required string Text { get; init; }

    /// <summary>The tokens of the continuation, without the one that ends a text.</summary>
    public required int[] Tokens { get; init; }

    /// <summary>Why it ended.</summary>
    public required FinishReason FinishReason { get; init; }

    /// <summary>Tokens made per second, the time to read the prompt included.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>The seed that gives this completion again.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The continuation.</summary>
    public override string ToString() => Text;
}
