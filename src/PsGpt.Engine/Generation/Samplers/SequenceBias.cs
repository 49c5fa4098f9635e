namespace PsGpt.Generation;

/// <summary>A number that is added to a token's logit, or to that of the last token of a sequence where the others precede it.</summary>
/// <param name="Tokens">At least one token id.</param>
/// <param name="Bias">Above 0 makes it likelier, below 0 less likely; −∞ rules it out.</param>
public sealed record SequenceBias(IReadOnlyList<int> Tokens, float Bias);
