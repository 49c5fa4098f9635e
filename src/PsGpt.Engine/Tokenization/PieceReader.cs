namespace PsGpt.Tokenization;

/// <summary>Walks through the pieces of a text as far as they are certain.</summary>
internal ref struct PieceReader
{
    private readonly ITextSplitter splitter;
    private readonly bool isEnd;

    /// <param name="splitter">What cuts the text.</param>
    /// <param name="text">The text.</param>
    /// <param name="isEnd">Whether nothing follows it.</param>
    public PieceReader(ITextSplitter splitter, ReadOnlySpan<char> text, bool isEnd)
    {
        (this.splitter, this.isEnd) = (splitter, isEnd);

        // The second half of the last character may be still to come.
        Rest = !isEnd && !text.IsEmpty && char.IsHighSurrogate(text[^1]) ? text[..^1] : text;
    }

    /// <summary>The text from the piece on.</summary>
    public ReadOnlySpan<char> Rest { get; private set; }

    /// <summary>The length of the piece in chars.</summary>
    public int PieceLength { get; private set; }

    /// <summary>The chars before the piece; at the end, of all that was certain.</summary>
    public int Position { get; private set; }

    /// <summary>Goes to the next piece; false where there is none that is certain.</summary>
    /// <exception cref="InvalidOperationException">The splitter breaks its contract.</exception>
    public bool Read()
    {
        Rest = Rest[PieceLength..];
        Position += PieceLength;
        PieceLength = Rest.IsEmpty ? 0 : splitter.GetPieceLength(Rest, isEnd);
        if ((uint)PieceLength > (uint)Rest.Length || (PieceLength == 0 && isEnd && !Rest.IsEmpty))
            throw new InvalidOperationException($"The splitter '{splitter.Name}' cut a piece of {PieceLength} from {Rest.Length} chars.");
        return PieceLength > 0;
    }
}
