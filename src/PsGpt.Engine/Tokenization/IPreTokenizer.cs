using PsGpt.Plugins;

namespace PsGpt.Tokenization;

/// <summary>Cuts a text into the pre-tokens that byte-pair merges never cross. Safe to use from several threads.</summary>
public interface IPreTokenizer : IPlugin
{
    /// <summary>The length of the pre-token that a text begins with, in chars; 0 where what follows the text may change it.</summary>
    /// <param name="text">At least one char. It does not end within a surrogate pair, unless nothing follows.</param>
    /// <param name="isEnd">Whether nothing follows <paramref name="text"/>: the answer is not 0 then.</param>
    int GetPreTokenLength(ReadOnlySpan<char> text, bool isEnd);
}
