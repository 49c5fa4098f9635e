using System.Globalization;

namespace PsGpt.Generation;

/// <summary>How likely the model held a token, in its own distribution before any sampler.</summary>
public sealed class TokenLogProbability
{
    private readonly IReadOnlyList<TokenLogProbability> top;

    internal TokenLogProbability(int id, string text, double? logProbability, IReadOnlyList<TokenLogProbability> top) =>
        (Id, Text, LogProbability, this.top) = (id, text, logProbability, top);

    /// <summary>The token.</summary>
    public int Id { get; }

    /// <summary>What it stands for; a part of a character is U+FFFD.</summary>
    public string Text { get; }

    /// <summary>The natural logarithm of its probability; null for the first token of a prompt, which nothing precedes.</summary>
    public double? LogProbability { get; }

    /// <summary>The five likeliest tokens in its place and their logarithms as text; <see cref="GetTop"/> has them as objects.</summary>
    public string Top => string.Join(' ', top);

    /// <summary>
    /// The five likeliest tokens in its place, the likeliest first; of equal ones the lower id. Empty for those themselves.
    /// </summary>
    public IReadOnlyList<TokenLogProbability> GetTop() => top;

    /// <summary>The text and the logarithm.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"'{Text}' {LogProbability:0.000}");
}
