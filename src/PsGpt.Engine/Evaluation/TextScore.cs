using System.Globalization;

namespace PsGpt.Evaluation;

/// <summary>How well a model expected a text.</summary>
public sealed class TextScore
{
    /// <summary>The origin of the text, such as a file's path; null where it has none.</summary>
    public string? Source { get; internal init; }

    /// <summary>The text; of a long one its beginning.</summary>
    public string Text { get; internal init; } = "";

    /// <summary>The number of tokens that were scored. The first one counts where something stands before it for the model.</summary>
    public long TokenCount { get; internal init; }

    /// <summary>The bytes of these tokens in UTF-8, without tokens that separate texts; null where the model has no tokenizer.</summary>
    public long? ByteCount { get; internal init; }

    /// <summary>The mean cross-entropy of the tokens in nats: their mean surprisal.</summary>
    public double Loss { get; internal init; }

    /// <summary>e to the power of the loss: the number of equally likely tokens that the model chooses between.</summary>
    public double Perplexity => Math.Exp(Loss);

    /// <summary>
    /// The surprisal of the whole text in bits, divided by its bytes, so that models of different tokenizers can be compared; null where
    /// there are no bytes.
    /// </summary>
    public double? BitsPerByte => ByteCount > 0 ? Loss * TokenCount / Math.Log(2) / ByteCount : null;

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Source ?? Text}: loss {Loss:0.0000}, {TokenCount:N0} tokens");
}
