namespace PsGpt.Tokenization;

/// <summary>Cuts a text into the pieces that byte-pair merges never cross.</summary>
public interface ITextSplitter
{
    /// <summary>The name that files and reports use, such as <c>gpt2</c>.</summary>
    string Name { get; }

    /// <summary>The length of the piece that a text begins with, in chars.</summary>
    /// <param name="text">At least one char. The end of the span is taken as the end of the text.</param>
    int GetPieceLength(ReadOnlySpan<char> text);
}
