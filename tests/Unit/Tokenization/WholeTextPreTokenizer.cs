using PsGpt.Tokenization;

namespace PsGpt.Unit.Tokenization;

/// <summary>A split that no file format knows: none.</summary>
internal sealed class WholeTextPreTokenizer : IPreTokenizer
{
    public string Name => "whole";

    public string Description => "the whole text is a preToken";

    public int GetPreTokenLength(ReadOnlySpan<char> text, bool isEnd) => isEnd ? text.Length : 0;
}
