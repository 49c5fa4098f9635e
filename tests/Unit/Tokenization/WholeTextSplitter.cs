using PsGpt.Tokenization;

namespace PsGpt.Unit.Tokenization;

/// <summary>A split that no file format knows: none.</summary>
internal sealed class WholeTextSplitter : ITextSplitter
{
    public string Name => "whole";

    public string Description => "the whole text is a piece";

    public int GetPieceLength(ReadOnlySpan<char> text, bool isEnd) => isEnd ? text.Length : 0;
}
