using PsGpt.Tokenization;

namespace PsGpt.Data;

/// <summary>Token ids in memory: those of one text, or of one part of a long one.</summary>
public sealed class TokenSequence : ITokenSource
{
    private readonly Tokenizer? tokenizer;

    /// <summary>Wraps ids.</summary>
    /// <param name="ids">Token ids, each 0 … V − 1. The sequence keeps the array; do not change it.</param>
    /// <param name="tokenizer">The tokenizer that made the ids, or null where it is not known.</param>
    /// <param name="source">The origin of the text, such as a file's path; null where it has none.</param>
    /// <param name="part">0 for the first sequence of a text, 1 for the next where the text is too long for one, and so on.</param>
    public TokenSequence(int[] ids, Tokenizer? tokenizer = null, string? source = null, int part = 0)
        : this(ids, tokenizer, tokenizer?.Name, source, part)
    {
    }

    private TokenSequence(int[] ids, Tokenizer? tokenizer, string? tokenizerName, string? source, int part)
    {
        ArgumentNullException.ThrowIfNull(ids);
        (Ids, this.tokenizer, TokenizerName, Source, Part) = (ids, tokenizer, tokenizerName, source, part);
    }

    /// <summary>Token ids.</summary>
    public int[] Ids { get; }

    /// <summary>The number of ids.</summary>
    public int Count => Ids.Length;

    /// <inheritdoc/>
    public string? TokenizerName { get; }

    /// <summary>The origin of the text, or null.</summary>
    public string? Source { get; }

    /// <summary>The number of this part of its text; 0 for the first.</summary>
    public int Part { get; }

    /// <summary>The number of documents that begin in this sequence; see <see cref="GetDocumentStarts"/>.</summary>
    public int DocumentCount => GetDocumentStarts().Length;

    long ITokenSource.Count => Ids.Length;

    /// <inheritdoc/>
    public Tokenizer? GetTokenizer() => tokenizer;

    /// <summary>
    /// The places at which documents begin: the start of a text, and behind each id that ends one, such as <c>&lt;|endoftext|&gt;</c> in a
    /// text where special tokens were allowed. Where the tokenizer is not known, no id ends a text.
    /// </summary>
    public int[] GetDocumentStarts()
    {
        var ends = tokenizer?.EndOfTextTokens ?? [];
        var starts = new List<int>();
        for (var i = 0; i < Ids.Length; i++)
        {
            if (i == 0 ? Part == 0 : ends.Contains(Ids[i - 1]))
                starts.Add(i);
        }

        return [.. starts];
    }

    /// <summary>Wraps ids whose tokenizer is known by its name alone, as they come back from JSON or from another process.</summary>
    /// <param name="ids">Token ids. The sequence keeps the array; do not change it.</param>
    /// <param name="tokenizerName">The tokenizer's name, or null where it is not known.</param>
    /// <param name="source">The origin of the text, or null.</param>
    /// <param name="part">The number of this part of its text; 0 for the first.</param>
    public static TokenSequence OfName(int[] ids, string? tokenizerName, string? source = null, int part = 0) =>
        new(ids, tokenizer: null, tokenizerName, source, part);

    /// <inheritdoc/>
    public void CopyTo(long start, Span<int> destination)
    {
        TokenSlice.Require(this, start, destination.Length);
        Ids.AsSpan((int)start, destination.Length).CopyTo(destination);
    }

    /// <inheritdoc/>
    public override string ToString() => TokenizerName is null ? $"{Count} tokens" : $"{Count} {TokenizerName} tokens";
}
