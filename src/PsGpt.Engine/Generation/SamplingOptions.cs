using PsGpt.Plugins;

namespace PsGpt.Generation;

/// <summary>How a text is continued. <see cref="SamplerCatalog"/> has the order in which the rules are applied.</summary>
public sealed record SamplingOptions
{
    private static readonly ValueCheck Values = new("SamplingInvalid", GptErrorKind.InvalidArgument, "No text can be made");

    // A timer takes no more than 49 days.
    private const double LongestTimeout = 4_000_000;

    /// <summary>The maximum number of tokens to make, at least 1.</summary>
    public int MaxTokens { get; init; } = 256;

    /// <summary>The end of the text is ruled out until that many tokens were made; 0 allows it at once.</summary>
    public int MinTokens { get; init; }

    /// <summary>
    /// The logits are divided by it: below 1 the text is more predictable, above 1 more surprising; 0 always takes the likeliest token.
    /// </summary>
    public float Temperature { get; init; } = 0.8f;

    /// <summary>Keep only the k likeliest tokens, at least 1; null keeps all.</summary>
    public int? TopK { get; init; }

    /// <summary>
    /// Keep only the likeliest tokens that together reach this probability (nucleus sampling); above 0, at most 1; null keeps all.
    /// </summary>
    public float? TopP { get; init; }

    /// <summary>Keep only tokens of at least this share of the likeliest one's probability; 0 to 1; null keeps all.</summary>
    public float? MinP { get; init; }

    /// <summary>
    /// Keep the tokens whose surprise is nearest to the entropy until they reach this probability; above 0, at most 1; null keeps all.
    /// </summary>
    public float? TypicalP { get; init; }

    /// <summary>Above 1 makes all tokens of prompt and text less likely (CTRL); above 0; null or 1 leaves them.</summary>
    public float? RepetitionPenalty { get; init; }

    /// <summary>Subtracted from a token's logit for each time it was generated; usually −2 to 2.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Subtracted from a token's logit once it was generated; usually −2 to 2.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>No sequence of that many tokens comes twice, the prompt included; at least 1; null allows it.</summary>
    public int? NoRepeatNgramSize { get; init; }

    /// <summary>Numbers that are added to logits.</summary>
    public IReadOnlyList<SequenceBias>? LogitBias { get; init; }

    /// <summary>Sequences of token ids that never come.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? Ban { get; init; }

    /// <summary>Texts that end the completion where one of them comes; they are not part of it.</summary>
    public IReadOnlyList<string>? StopString { get; init; }

    /// <summary>Rules out the tokens that end a text.</summary>
    public bool IgnoreEndOfText { get; init; }

    /// <summary>Whether texts of special tokens in a prompt become those tokens; otherwise they are plain text.</summary>
    public bool AllowSpecial { get; init; }

    /// <summary>
    /// Samplers of one's own, in their order; they follow the rules above and precede temperature, top-k, top-p, min-p and typical-p.
    /// </summary>
    public IReadOnlyList<OwnSampler> Sampler { get; init; } = [];

    /// <summary>Values for the own parameters of those samplers.</summary>
    public IReadOnlyList<PluginValue> PluginParameter { get; init; } = [];

    /// <summary>The same seed gives the same text.</summary>
    public ulong Seed { get; init; }

    /// <summary>Searches the likeliest text with so many beams instead of drawing, at least 1; null draws.</summary>
    public int? BeamCount { get; init; }

    /// <summary>Whether the log probabilities of the tokens are kept.</summary>
    public bool LogProbability { get; init; }

    /// <summary>Whether the text begins with the prompt.</summary>
    public bool Echo { get; init; }

    /// <summary>Keeps only the end of a prompt that is longer than the context, instead of refusing it.</summary>
    public bool TruncatePrompt { get; init; }

    /// <summary>Ends the completion after so many seconds with what was made; above 0; null has no limit.</summary>
    public double? TimeoutSeconds { get; init; }

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="GptException"><c>SamplingInvalid</c>.</exception>
    public void Validate()
    {
        Values.Require(MaxTokens >= 1, $"at most {MaxTokens} tokens are asked for. Ask for 1 or more");
        Values.Require(
            MinTokens >= 0 && MinTokens <= MaxTokens,
            $"at least {MinTokens} and at most {MaxTokens} tokens are asked for. Give a minimum from 0 to the maximum");
        Values.Require(
            float.IsFinite(Temperature) && Temperature >= 0, $"the temperature is {Temperature}. Give 0, or a number such as 0.8");
        Values.Require(TopK is null or >= 1, $"top-k is {TopK}. Give 1 or more, or leave it out");
        Values.Require(TopP is null or (> 0 and <= 1), $"top-p is {TopP}. Give a number above 0 and at most 1, or leave it out");
        Values.Require(MinP is null or (>= 0 and <= 1), $"min-p is {MinP}. Give a number from 0 to 1, such as 0.05, or leave it out");
        Values.Require(
            TypicalP is null or (> 0 and <= 1), $"typical-p is {TypicalP}. Give a number above 0 and at most 1, or leave it out");
        Values.Require(
            RepetitionPenalty is null || (float.IsFinite(RepetitionPenalty.Value) && RepetitionPenalty > 0),
            $"the repetition penalty is {RepetitionPenalty}. Give a number above 0, such as 1.2; 1 changes nothing");
        Values.Require(
            float.IsFinite(FrequencyPenalty), $"the frequency penalty is {FrequencyPenalty}. Give a number, usually from -2 to 2");
        Values.Require(float.IsFinite(PresencePenalty), $"the presence penalty is {PresencePenalty}. Give a number, usually from -2 to 2");
        Values.Require(
            NoRepeatNgramSize is null or >= 1,
            $"sequences of {NoRepeatNgramSize} tokens are not to repeat. Give 1 or more, or leave it out");
        Values.Require(BeamCount is null or >= 1, $"{BeamCount} beams are asked for. Give 1 or more, or leave it out");
        Values.Require(
            BeamCount is null || (TopK is null && TopP is null && MinP is null && TypicalP is null),
            $"a search with beams draws no tokens, so top-k, top-p, min-p and typical-p have no meaning. Leave them out, or the beams");
        Values.Require(
            TimeoutSeconds is null or (> 0 and <= LongestTimeout),
            $"the time limit is {TimeoutSeconds} seconds. Give a number above 0 and at most {LongestTimeout}");
        ValidateTexts();
    }

    private void ValidateTexts()
    {
        foreach (var (tokens, bias) in LogitBias ?? [])
        {
            Values.Require(tokens.Count > 0, $"a logit bias of {bias} has no token. Give the token, or its text");
            Values.Require(bias < float.PositiveInfinity, $"a logit bias is {bias}. Give a number such as -5; -Infinity rules a token out");
        }

        foreach (var banned in Ban ?? [])
            Values.Require(banned.Count > 0, $"a banned text is empty. Give at least one character");
        foreach (var text in StopString ?? [])
            Values.Require(!string.IsNullOrEmpty(text), $"a stop string is empty. Give at least one character");
    }
}
