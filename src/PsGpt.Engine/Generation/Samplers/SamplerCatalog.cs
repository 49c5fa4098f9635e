using PsGpt.Plugins;

namespace PsGpt.Generation;

/// <summary>
/// The samplers that are known by name, and the order in which they are applied. It is the order of transformers'
/// <c>generate()</c>; the penalties of OpenAI's API, which it lacks, follow its repetition penalty as in vLLM.
/// </summary>
public static class SamplerCatalog
{
    static SamplerCatalog()
    {
        Add(
            "logit-bias", "Adds a number to the logits of chosen tokens.",
            setup => setup.Options.LogitBias is { Count: > 0 } biases ? new SequenceBiasSampler(biases) : null);
        Add(
            "repetition-penalty", "Makes all tokens of prompt and text less likely.",
            setup => setup.Options.RepetitionPenalty is { } penalty and not 1 ? new RepetitionPenaltySampler(penalty) : null);
        Add("frequency-penalty", "Makes generated tokens less likely, by their number and their presence.", Frequency);
        Add(
            "no-repeat-ngram", "Rules out that a sequence of tokens comes twice.",
            setup => setup.Options.NoRepeatNgramSize is { } size ? new NoRepeatNgramSampler(size) : null);
        Add(
            "ban", "Rules out sequences of tokens.",
            setup => setup.Options.Ban is { Count: > 0 } banned ? SequenceBiasSampler.Ban(banned) : null);
        Add(
            "min-tokens", "Rules out the end of the text until enough was generated.",
            setup => setup.Options.MinTokens > 0 ? new SuppressSampler(setup.EndOfTextTokens, setup.Options.MinTokens) : null);
        Add(
            "ignore-end-of-text", "Rules out the end of the text.",
            setup => setup.Options.IgnoreEndOfText ? new SuppressSampler(setup.EndOfTextTokens) : null);
        Add(
            "temperature", "Makes the text more predictable or more surprising.",
            setup => new TemperatureSampler(setup.Options.Temperature));
        Add("top-k", "Keeps the k likeliest tokens.", setup => setup.Options.TopK is { } k ? new TopKSampler(k) : null);
        Add(
            "top-p", "Keeps the likeliest tokens that reach a probability.",
            setup => setup.Options.TopP is { } p ? new TopPSampler(p) : null);
        Add(
            "min-p", "Keeps tokens of at least a share of the likeliest one's probability.",
            setup => setup.Options.MinP is { } p ? new MinPSampler(p) : null);
        Add(
            "typical-p", "Keeps the tokens whose surprise is nearest to the average.",
            setup => setup.Options.TypicalP is { } mass ? new TypicalPSampler(mass) : null);
    }

    /// <summary>All of them; register your own here.</summary>
    public static Registry<SamplerPlugin> Registry { get; } = new("sampler");

    /// <summary>The rules that hold in any search, in their order. The user's own samplers follow them.</summary>
    public static IReadOnlyList<string> Processors { get; } =
        ["logit-bias", "repetition-penalty", "frequency-penalty", "no-repeat-ngram", "ban", "min-tokens", "ignore-end-of-text"];

    /// <summary>
    /// The rules that shape the distribution that tokens are drawn from, in their order; they come last and only where tokens are
    /// drawn.
    /// </summary>
    public static IReadOnlyList<string> Warpers { get; } = ["temperature", "top-k", "top-p", "min-p", "typical-p"];

    private static void Add(string name, string description, Func<SamplerSetup, ISampler?> create) =>
        Registry.Register(new SamplerPlugin(name, description, create));

    private static FrequencyPenaltySampler? Frequency(SamplerSetup setup) =>
        setup.Options.FrequencyPenalty != 0 || setup.Options.PresencePenalty != 0
            ? new FrequencyPenaltySampler(setup.Options.FrequencyPenalty, setup.Options.PresencePenalty)
            : null;
}
