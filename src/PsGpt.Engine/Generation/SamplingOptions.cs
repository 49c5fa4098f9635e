namespace PsGpt.Generation;

/// <summary>How a text is continued. Where several limits are given, top-k comes first, then top-p among what is left.</summary>
public sealed record SamplingOptions
{
    /// <summary>The most tokens to make, at least 1.</summary>
    public int MaxTokens { get; init; } = 256;

    /// <summary>
    /// What the logits are divided by: below 1 the text is more predictable, above 1 more surprising; 0 always takes the
    /// likeliest token.
    /// </summary>
    public float Temperature { get; init; } = 0.8f;

    /// <summary>Take only the likeliest so many tokens into account, at least 1; null takes all.</summary>
    public int? TopK { get; init; }

    /// <summary>
    /// Take only the likeliest tokens into account that together reach this probability (nucleus sampling, Holtzman et al. 2019);
    /// above 0, at most 1; null takes all.
    /// </summary>
    public float? TopP { get; init; }

    /// <summary>The same seed gives the same text.</summary>
    public ulong Seed { get; init; }

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="GptException"><c>SamplingInvalid</c>.</exception>
    public void Validate()
    {
        Require(MaxTokens >= 1, $"at most {MaxTokens} tokens are asked for. Ask for 1 or more");
        Require(float.IsFinite(Temperature) && Temperature >= 0, $"the temperature is {Temperature}. Give 0, or a number such as 0.8");
        Require(TopK is null or >= 1, $"top-k is {TopK}. Give 1 or more, or leave it out");
        Require(TopP is null or (> 0 and <= 1), $"top-p is {TopP}. Give a number above 0 and at most 1, or leave it out");
    }

    private static void Require(bool condition, FormattableString problem)
    {
        if (!condition)
            throw new GptException("SamplingInvalid", GptErrorKind.InvalidArgument, FormattableString.Invariant($"No text can be made: {FormattableString.Invariant(problem)}."));
    }
}
