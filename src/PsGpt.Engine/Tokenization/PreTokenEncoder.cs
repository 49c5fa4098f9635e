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

    /// <summary>Appends the tokens of the pre-token that a text begins with.</summary>
    public void Encode(ReadOnlySpan<char> text, int length, List<int> tokens)
    {
        if (length <= WordCache.LongestWord)
        {
            var known = words.Find(text, length);
            if (!known.IsEmpty)
            {
                Append(known, tokens);
                return;
            }
        }

        if (length <= LongestOnStack)
            EncodeOnStack(text[..length], tokens);
        else
            EncodeLong(text[..length], tokens);
    }

    [SkipLocalsInit]
    private void EncodeOnStack(ReadOnlySpan<char> preToken, List<int> tokens) =>
        Encode(preToken, stackalloc byte[MostBytesPerChar * LongestOnStack], stackalloc int[MostBytesPerChar * LongestOnStack], tokens);

    private void EncodeLong(ReadOnlySpan<char> preToken, List<int> tokens)
    {
        var byteCount = Encoding.UTF8.GetByteCount(preToken);
        Encode(preToken, new byte[byteCount], new int[byteCount], tokens);
    }

    private void Encode(ReadOnlySpan<char> preToken, Span<byte> bytes, Span<int> symbols, List<int> tokens)
    {
        // Invalid UTF-16 becomes U+FFFD here.
        var byteCount = Encoding.UTF8.GetBytes(preToken, bytes);
        for (var i = 0; i < byteCount; i++)
            symbols[i] = byteTokens[bytes[i]];
        symbols = symbols[..PairMerger.Merge(symbols[..byteCount], merges)];
        Append(symbols, tokens);
        words.Add(preToken, symbols);
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
