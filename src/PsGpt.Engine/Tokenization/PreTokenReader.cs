namespace PsGpt.Tokenization;

/// <summary>Walks through the pre-tokens of a text as far as they are certain.</summary>
internal ref struct PreTokenReader
{
    private readonly IPreTokenizer preTokenizer;
    private readonly bool isEnd;

    /// <param name="preTokenizer">What cuts the text.</param>
    /// <param name="text">The text.</param>
    /// <param name="isEnd">Whether nothing follows it.</param>
    public PreTokenReader(IPreTokenizer preTokenizer, ReadOnlySpan<char> text, bool isEnd)
    {
        (this.preTokenizer, this.isEnd) = (preTokenizer, isEnd);

        // The second half of the last character may be still to come.
        Rest = !isEnd && !text.IsEmpty && char.IsHighSurrogate(text[^1]) ? text[..^1] : text;
    }

    /// <summary>The text from the pre-token on.</summary>
    public ReadOnlySpan<char> Rest { get; private set; }

    /// <summary>The length of the pre-token in chars.</summary>
    public int PreTokenLength { get; private set; }

    /// <summary>The chars before the pre-token; at the end, of all that was certain.</summary>
    public int Position { get; private set; }

    /// <summary>Goes to the next pre-token; false where there is none that is certain.</summary>
    /// <exception cref="InvalidOperationException">The preTokenizer breaks its contract.</exception>
    public bool Read()
    {
        Rest = Rest[PreTokenLength..];
        Position += PreTokenLength;
        PreTokenLength = Rest.IsEmpty ? 0 : preTokenizer.GetPreTokenLength(Rest, isEnd);
        if ((uint)PreTokenLength > (uint)Rest.Length || (PreTokenLength == 0 && isEnd && !Rest.IsEmpty))
        {
            throw new InvalidOperationException(
                $"The pre-tokenizer '{preTokenizer.Name}' cut a pre-token of {PreTokenLength} from {Rest.Length} chars.");
        }

        return PreTokenLength > 0;
    }
}
