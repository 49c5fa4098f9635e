using System.Globalization;

namespace PsGpt.Evaluation;

/// <summary>How little a model expected a line.</summary>
public sealed class LineScore
{
    /// <summary>The file of the line; null for a string.</summary>
    public string? Source { get; internal init; }

    /// <summary>The number of the line in its file, or of the string in the pipeline, from 1.</summary>
    public long LineNumber { get; internal init; }

    /// <summary>The line.</summary>
    public string Text { get; internal init; } = "";

    /// <summary>The number of tokens that were scored.</summary>
    public long TokenCount { get; internal init; }

    /// <summary>
    /// How unlike the others the line is, in nats: the root of the mean square of its tokens' surprisals, where two more tokens of none
    /// are counted, so that a short line needs more to stand out. Of the scores that were measured this one finds lines best
    /// (docs/logs.md).
    /// </summary>
    public double Surprisal { get; internal init; }

    /// <summary>The mean surprisal of the tokens in nats; 0 for an empty line.</summary>
    public double Loss => TokenCount == 0 ? 0 : Sum / TokenCount;

    /// <summary>The surprisal of the whole line in nats: −ln of its probability.</summary>
    public double Sum { get; internal init; }

    /// <summary>The surprisal of the least expected token in nats.</summary>
    public double Maximum { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{LineNumber}: {Surprisal:0.000} {Text}");
}
