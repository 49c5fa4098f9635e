namespace PsGpt.Generation;

/// <summary>What a sampler is made for.</summary>
/// <param name="Options">What the user asked for.</param>
/// <param name="EndOfTextTokens">The ids that end a text; empty where the vocabulary has none.</param>
public sealed record SamplerSetup(SamplingOptions Options, IReadOnlyList<int> EndOfTextTokens);
