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
    private readonly Dictionary<int, byte[]> special = [];

    /// <exception cref="GptException"><c>VocabularyInvalid</c>.</exception>
    public BytePairVocabulary(byte[] byteOrder, (int Left, int Right)[] merges, IReadOnlyDictionary<string, int> specialTokens)
    {
        (ByteOrder, Merges) = (byteOrder, merges);
        AddSpecialTokens(specialTokens);
        var places = IdMapping.Of(ByteCount + merges.Length, specialTokens.Values);
        ByteTokens = Array.ConvertAll(MapBytes(byteOrder), index => places[index]);
        MergeTable = new MergeTable(merges.Length);
        ends = new int[Math.Max(places[^1], specialTokens.Values.DefaultIfEmpty(0).Max()) + 1];
        var content = new List<byte>(8 * places.Length);
        var id = 0;
        for (var i = 0; i < places.Length; i++)
        {
            // Special tokens in between have no bytes here, so that no merge can use them.
            Array.Fill(ends, content.Count, id, places[i] - id);
            id = places[i];
            if (i < ByteCount)
                content.Add(byteOrder[i]);
            else
                AddMerge(content, id, i - ByteCount);
            ends[id++] = content.Count;
        }

        Array.Fill(ends, content.Count, id, ends.Length - id);
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
    public ReadOnlySpan<byte> GetBytes(int token)
    {
        var own = bytes.AsSpan(Range(token));
        return own.IsEmpty ? special.GetValueOrDefault(token) : own;
    }

    /// <summary>The place of each byte in their order.</summary>
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

    private void AddMerge(List<byte> content, int id, int index)
    {
        var merge = Merges[index];
        if (!IsMade(merge.Left, id) || !IsMade(merge.Right, id))
            throw Invalid($"merge {index} uses the tokens {merge.Left} and {merge.Right}, which are not made yet");
        if (!MergeTable.TryAdd(merge.Left, merge.Right, id))
            throw Invalid($"merge {index} repeats an earlier one");
        var (left, right) = (Range(merge.Left), Range(merge.Right));
        var start = content.Count;
        var end = start + (long)(left.End.Value - left.Start.Value) + (right.End.Value - right.Start.Value);
        if (end > MostBytes)
            throw Invalid($"merge {index} makes its tokens longer than {MostBytes} bytes together");
        CollectionsMarshal.SetCount(content, (int)end);
        var span = CollectionsMarshal.AsSpan(content);
        span[left].CopyTo(span[start..]);
        span[right].CopyTo(span[(start + left.End.Value - left.Start.Value)..]);
    }

    private bool IsMade(int token, int id) => (uint)token < (uint)id && Range(token) is var range && range.Start.Value < range.End.Value;

    private void AddSpecialTokens(IReadOnlyDictionary<string, int> specialTokens)
    {
        foreach (var (text, id) in specialTokens)
        {
            if (text.Length == 0 || id < 0 || !special.TryAdd(id, Encoding.UTF8.GetBytes(text)))
                throw Invalid($"its special token '{text}' is empty, or its id {id} is taken");
            if (id >= MostTokens)
                throw Invalid($"it would have {id + 1L} tokens");
        }
    }
}
