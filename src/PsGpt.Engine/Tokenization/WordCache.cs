using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PsGpt.Tokenization;

/// <summary>
/// Remembers the tokens of words. A word has one place, given by its hash, and the latest word keeps it: the frequent ones are
/// nearly always there, memory is bounded, and nothing is allocated. An entry is a cache line of 64 bytes, and a word is one
/// vector of UTF-16, so that it is found without converting it. Not safe to use from several threads.
/// </summary>
internal sealed class WordCache
{
    /// <summary>The longest word that is remembered, in chars.</summary>
    public const int LongestWord = 16;

    private const int MostTokens = 7;

    // A short text has few words: 64 KB do for them, and 2 MB of fresh memory would cost it a collection.
    private const int FirstSizeBits = 10;
    private const int SizeBits = 15;

    private Entry[] entries = new Entry[1 << FirstSizeBits];
    private int sizeBits = FirstSizeBits;
    private int addedCount;

    /// <summary>The tokens of the word that a text begins with, or none where it is not remembered.</summary>
    /// <param name="text">The text.</param>
    /// <param name="length">The length of the word, 1 to <see cref="LongestWord"/>.</param>
    public ReadOnlySpan<int> Find(ReadOnlySpan<char> text, int length)
    {
        var word = Load(text, length);
        ref var entry = ref entries[Hash(word)];
        return entry.Word == word && entry.Length == length ? ((ReadOnlySpan<int>)entry.Tokens)[..entry.TokenCount] : [];
    }

    /// <summary>Remembers a word, unless it has too many tokens.</summary>
    public void Add(ReadOnlySpan<char> word, ReadOnlySpan<int> tokens)
    {
        if (word.Length > LongestWord || tokens.Length > MostTokens)
            return;
        if (sizeBits < SizeBits && ++addedCount > entries.Length)
            Grow();
        var key = Load(word, word.Length);
        ref var entry = ref entries[Hash(key)];
        (entry.Word, entry.Length, entry.TokenCount) = (key, (ushort)word.Length, (ushort)tokens.Length);
        tokens.CopyTo(entry.Tokens);
    }

    /// <summary>Begins anew with the full size; the words come back as they are met.</summary>
    private void Grow()
    {
        sizeBits = SizeBits;
        entries = new Entry[1 << SizeBits];
    }

    /// <summary>The first chars of a text as a vector, zero behind the word.</summary>
    private static Vector256<short> Load(ReadOnlySpan<char> text, int length)
    {
        var chars = text.Length >= LongestWord
            ? Vector256.LoadUnsafe(ref Unsafe.As<char, short>(ref MemoryMarshal.GetReference(text)))
            : LoadShort(text);
        return chars & Vector256.LessThan(Vector256<short>.Indices, Vector256.Create((short)length));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<short> LoadShort(ReadOnlySpan<char> text)
    {
        Span<short> chars = stackalloc short[LongestWord];
        chars.Clear();
        MemoryMarshal.Cast<char, short>(text).CopyTo(chars);
        return Vector256.Create<short>(chars);
    }

    private int Hash(Vector256<short> word)
    {
        var parts = word.AsUInt64();
        var sum = (parts[0] * 0x9E3779B97F4A7C15) + (parts[1] * 0xC2B2AE3D27D4EB4F)
            + (parts[2] * 0x165667B19E3779F9) + (parts[3] * 0xD6E8FEB86659FD93);
        return (int)(((sum ^ (sum >> 32)) * 0x9E3779B97F4A7C15) >> (64 - sizeBits));
    }

    private struct Entry
    {
        public Vector256<short> Word;
        public ushort Length;
        public ushort TokenCount;
        public TokenBuffer Tokens;
    }

    [InlineArray(MostTokens)]
    private struct TokenBuffer
    {
        private int first;
    }
}
