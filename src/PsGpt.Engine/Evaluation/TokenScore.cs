using System.Globalization;

namespace PsGpt.Evaluation;

/// <summary>A token of a text and how little the model expected it.</summary>
public sealed class TokenScore
{
    /// <summary>The origin of the text, such as a file's path; null where it has none.</summary>
    public string? Source { get; internal init; }

    /// <summary>The number of the line, from 1; null where the text was not scored by lines.</summary>
    public long? LineNumber { get; internal init; }

    /// <summary>The place among the tokens of the text, from 0.</summary>
    public long Position { get; internal init; }

    /// <summary>The id of the token.</summary>
    public int Token { get; internal init; }

    /// <summary>The characters that it stands for; those of a whole character where it is a part of one.</summary>
    public string Text { get; internal init; } = "";

    /// <summary>The place of these characters in the text, in UTF-16 units from 0.</summary>
    public long Offset { get; internal init; }

    /// <summary>−ln p of the token after all that stands before it in its window, in nats: 0 where the model was sure of it.</summary>
    public double Surprisal { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"'{Text}' {Surprisal:0.000}");
}
