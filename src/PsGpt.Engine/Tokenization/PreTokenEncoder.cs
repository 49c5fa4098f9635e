using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace PsGpt.Tokenization;

/// <summary>Encodes pre-tokens, most of them from a cache of words. Not safe to use from several threads.</summary>
/// <param name="merges">The merges.</param>
/// <param name="byteTokens">The token of each byte.</param>
internal sealed class PreTokenEncoder(MergeTable merges, int[] byteTokens)
{
    private const int LongestOnStack = 256;
    private const int MostBytesPerChar = 3;

    private readonly WordCache words = new();

    /// <summary>Appends the tokens of the pre-token that a text begins with; false where one of its bytes has no token.</summary>
    public bool TryEncode(ReadOnlySpan<char> text, int length, List<int> tokens)
    {
        if (length <= WordCache.LongestWord)
        {
            var known = words.Find(text, length);
            if (!known.IsEmpty)
            {
                Append(known, tokens);
                return true;
            }
        }

        return length <= LongestOnStack ? TryEncodeOnStack(text[..length], tokens) : TryEncodeLong(text[..length], tokens);
    }

    [SkipLocalsInit]
    private bool TryEncodeOnStack(ReadOnlySpan<char> preToken, List<int> tokens) =>
        TryEncode(preToken, stackalloc byte[MostBytesPerChar * LongestOnStack], stackalloc int[MostBytesPerChar * LongestOnStack], tokens);

    private bool TryEncodeLong(ReadOnlySpan<char> preToken, List<int> tokens)
    {
        var byteCount = Encoding.UTF8.GetByteCount(preToken);
        return TryEncode(preToken, new byte[byteCount], new int[byteCount], tokens);
    }

    private bool TryEncode(ReadOnlySpan<char> preToken, Span<byte> bytes, Span<int> symbols, List<int> tokens)
    {
        // Invalid UTF-16 becomes U+FFFD here.
        var byteCount = Encoding.UTF8.GetBytes(preToken, bytes);
        for (var i = 0; i < byteCount; i++)
            symbols[i] = byteTokens[bytes[i]];
        if (symbols[..byteCount].Contains(BytePairVocabulary.NoToken))
            return false;
        symbols = symbols[..PairMerger.Merge(symbols[..byteCount], merges)];
        Append(symbols, tokens);
        words.Add(preToken, symbols);
        return true;
    }

    private static void Append(ReadOnlySpan<int> ids, List<int> tokens)
    {
        if (ids.Length == 1)
        {
            tokens.Add(ids[0]);
            return;
        }

        var count = tokens.Count;
        CollectionsMarshal.SetCount(tokens, count + ids.Length);
        ids.CopyTo(CollectionsMarshal.AsSpan(tokens)[count..]);
    }
}
