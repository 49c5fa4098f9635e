namespace PsGpt.Data;

/// <summary>Joins the ids of many texts, all of one tokenizer, into one array.</summary>
public sealed class TokenCollector
{
    private readonly SharedTokenizer tokenizer = new();
    private readonly List<int> ids = [];

    /// <summary>The number of ids so far.</summary>
    public int Count => ids.Count;

    /// <summary>The name of the tokenizer that made the ids, or null as long as it is not known.</summary>
    public string? TokenizerName => tokenizer.Name;

    /// <summary>Appends the ids of a text, or of a part of it.</summary>
    /// <exception cref="GptException"><c>TokenizerMismatch</c>: another tokenizer made the ids before these; they are not taken.</exception>
    public void Add(TokenSequence sequence)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        Add(sequence.Ids, sequence.Tokenizer.Name);
    }

    /// <summary>Appends ids.</summary>
    /// <param name="more">The ids.</param>
    /// <param name="tokenizerName">The tokenizer that made them, or null where it is not known.</param>
    /// <exception cref="GptException">
    /// <c>TokenizerMismatch</c>: another tokenizer made the ids before these; <c>TooManyTokens</c>: an array cannot hold them.
    /// Those of this call are not taken.
    /// </exception>
    public void Add(ReadOnlySpan<int> more, string? tokenizerName = null)
    {
        tokenizer.Require(tokenizerName);
        if ((long)ids.Count + more.Length > Array.MaxLength)
        {
            throw new GptException("TooManyTokens", GptErrorKind.LimitExceeded,
                $"More than {Array.MaxLength:N0} tokens cannot be held at once. Give less text.");
        }

        ids.AddRange(more);
    }

    /// <summary>The ids, in the order in which they came.</summary>
    public int[] ToArray() => [.. ids];
}
