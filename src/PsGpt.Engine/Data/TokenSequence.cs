using PsGpt.Tokenization;

namespace PsGpt.Data;

/// <summary>The ids of one text, or of one part of a long one, with the tokenizer that made them.</summary>
/// <param name="ids">Token ids, each 0 … V − 1. The sequence keeps the array; do not change it.</param>
/// <param name="tokenizer">The tokenizer that made the ids.</param>
/// <param name="source">Where the text came from, such as a file's path; null where it came from the pipeline.</param>
/// <param name="part">0 for the first sequence of a text, 1 for the next where the text is too long for one, and so on.</param>
public sealed class TokenSequence(int[] ids, Tokenizer tokenizer, string? source = null, int part = 0)
{
    /// <summary>Token ids.</summary>
    public int[] Ids { get; } = ids;

    /// <summary>The number of ids.</summary>
    public int Count => Ids.Length;

    /// <summary>The tokenizer that made the ids.</summary>
    public Tokenizer Tokenizer { get; } = tokenizer;

    /// <summary>Where the text came from, or null.</summary>
    public string? Source { get; } = source;

    /// <summary>Which part of its text this is; 0 for the first.</summary>
    public int Part { get; } = part;

    /// <inheritdoc/>
    public override string ToString() => $"{Count} {Tokenizer.Name} tokens";
}
