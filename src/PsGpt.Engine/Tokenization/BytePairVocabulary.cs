using System.Runtime.InteropServices;
using System.Text;

namespace PsGpt.Tokenization;

/// <summary>The checked tables of a byte-pair tokenizer: what bytes a token stands for, what a pair merges to.</summary>
internal sealed class BytePairVocabulary
{
    /// <summary>The number of tokens that are one byte.</summary>
    public const int ByteCount = 256;

    // Merges of merges double: without these limits a file of a kilobyte could ask for all memory.
    private const int MostBytes = 1 << 25;
    private const int MostTokens = 1 << 24;

    private readonly byte[] bytes;
    private readonly int[] ends;

    /// <exception cref="GptException"><c>VocabularyInvalid</c>.</exception>
    public BytePairVocabulary(byte[] byteOrder, (int Left, int Right)[] merges, IReadOnlyDictionary<string, int> specialTokens)
    {
        (ByteOrder, Merges) = (byteOrder, merges);
        ByteTokens = MapBytes(byteOrder);
        MergeTable = new MergeTable(merges.Length);
        var size = Math.Max(ByteCount + merges.Length, specialTokens.Values.DefaultIfEmpty(0).Max() + 1L);
        if (size > MostTokens)
            throw Invalid($"it would have {size} tokens");
        var content = new List<byte>(8 * (int)size);
        content.AddRange(byteOrder);
        ends = new int[size];
        for (var id = 0; id < ByteCount; id++)
            ends[id] = id + 1;
        for (var i = 0; i < merges.Length; i++)
            AddMerge(content, ByteCount + i, merges[i]);
        AddSpecialTokens(content, specialTokens);
        bytes = [.. content];
    }

    /// <summary>The number of ids.</summary>
    public int Size => ends.Length;

    /// <summary>The 256 bytes in the order of their ids.</summary>
    public byte[] ByteOrder { get; }

    /// <summary>The token of each byte.</summary>
    public int[] ByteTokens { get; }

    /// <summary>The pairs in the order of their training.</summary>
    public (int Left, int Right)[] Merges { get; }

    /// <summary>The same, to be asked.</summary>
    public MergeTable MergeTable { get; }

    /// <summary>The bytes of a token of the vocabulary; none for an id that is not used.</summary>
    public ReadOnlySpan<byte> GetBytes(int token) => bytes.AsSpan(Range(token));

    /// <summary>The token of each byte.</summary>
    /// <exception cref="GptException"><c>VocabularyInvalid</c>.</exception>
    public static int[] MapBytes(ReadOnlySpan<byte> byteOrder)
    {
        if (byteOrder.Length != ByteCount)
            throw Invalid($"it has {byteOrder.Length} bytes instead of 256");
        var tokens = new int[ByteCount];
        Array.Fill(tokens, -1);
        for (var id = 0; id < ByteCount; id++)
            tokens[byteOrder[id]] = id;
        return tokens.Contains(-1) ? throw Invalid("it does not have each byte once") : tokens;
    }

    /// <summary>The error for a vocabulary that cannot be.</summary>
    public static GptException Invalid(string problem) => new(
        "VocabularyInvalid", GptErrorKind.InvalidData, $"The vocabulary cannot be used: {problem}. Get the file again from where it came from.");

    private Range Range(int token) => (token == 0 ? 0 : ends[token - 1])..ends[token];

    private void AddMerge(List<byte> content, int id, (int Left, int Right) merge)
    {
        if ((uint)merge.Left >= (uint)id || (uint)merge.Right >= (uint)id)
            throw Invalid($"merge {id - ByteCount} uses the tokens {merge.Left} and {merge.Right}, which are not made yet");
        if (!MergeTable.TryAdd(merge.Left, merge.Right, id))
            throw Invalid($"merge {id - ByteCount} repeats an earlier one");
        var (left, right) = (Range(merge.Left), Range(merge.Right));
        var start = content.Count;
        var end = start + (long)(left.End.Value - left.Start.Value) + (right.End.Value - right.Start.Value);
        if (end > MostBytes)
            throw Invalid($"merge {id - ByteCount} makes its tokens longer than {MostBytes} bytes together");
        CollectionsMarshal.SetCount(content, (int)end);
        var span = CollectionsMarshal.AsSpan(content);
        span[left].CopyTo(span[start..]);
        span[right].CopyTo(span[(start + left.End.Value - left.Start.Value)..]);
        ends[id] = (int)end;
    }

    private void AddSpecialTokens(List<byte> content, IReadOnlyDictionary<string, int> specialTokens)
    {
        var last = ByteCount + Merges.Length - 1;
        foreach (var (text, id) in specialTokens.OrderBy(token => token.Value))
        {
            if (text.Length == 0 || id <= last)
                throw Invalid($"its special token '{text}' is empty, or its id {id} is taken");
            Array.Fill(ends, content.Count, last + 1, id - last - 1);
            content.AddRange(Encoding.UTF8.GetBytes(text));
            ends[id] = content.Count;
            last = id;
        }
    }
}
