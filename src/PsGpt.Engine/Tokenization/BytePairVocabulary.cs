using System.Runtime.InteropServices;
using System.Text;

namespace PsGpt.Tokenization;

/// <summary>The checked tables of a byte-pair tokenizer: the bytes of each token, and the token that a pair merges to.</summary>
internal sealed class BytePairVocabulary
{
    /// <summary>The number of bytes; a vocabulary without some of them cannot encode texts that need those.</summary>
    public const int ByteCount = 256;

    /// <summary>The token of a byte that the vocabulary lacks.</summary>
    public const int NoToken = -1;

    // Merges of merges double: without these limits a file of a kilobyte could ask for all memory.
    private const int MostBytes = 1 << 25;
    private const int MostTokens = 1 << 24;

    private readonly byte[] bytes;
    private readonly Range[] places;
    private readonly Dictionary<int, byte[]> added = [];

    /// <param name="byteOrder">The bytes in the order of their ids.</param>
    /// <param name="merges">The pairs of ids in the order of their training.</param>
    /// <param name="addedTokens">All added tokens. Those that no byte and no merge makes have ids of their own.</param>
    /// <param name="ids">
    /// The id of each byte, then of the token that each merge makes; two merges may make one token. Null for the ids that the added tokens
    /// leave, from 0 on.
    /// </param>
    /// <exception cref="GptException"><c>VocabularyInvalid</c>.</exception>
    public BytePairVocabulary(
        byte[] byteOrder, (int Left, int Right)[] merges, IReadOnlyList<AddedToken> addedTokens, int[]? ids = null)
    {
        (ByteOrder, Merges) = (byteOrder, merges);
        foreach (var token in addedTokens.Where(token => !token.IsMerged))
            Add(token);
        var usual = IdMapping.Of(byteOrder.Length + merges.Length, added.Keys);
        HasOwnOrder = ids is not null && !ids.AsSpan().SequenceEqual(usual);
        Ids = ids ?? usual;
        ByteTokens = Array.ConvertAll(MapBytes(byteOrder), index => index == NoToken ? NoToken : Ids[index]);
        MergeTable = new MergeTable(merges.Length);
        places = new Range[Math.Max(Ids.Max(), added.Keys.DefaultIfEmpty(0).Max()) + 1];
        var content = new List<byte>(8 * Ids.Length);
        for (var i = 0; i < Ids.Length; i++)
        {
            if (i < byteOrder.Length)
                AddByte(content, Ids[i], byteOrder[i]);
            else
                AddMerge(content, Ids[i], i - byteOrder.Length);
        }

        bytes = [.. content];
        if (addedTokens.FirstOrDefault(token => token.IsMerged && !IsMade(token.Id)) is { } unmade)
            throw Invalid($"its added token '{unmade.Text}' has the id {unmade.Id}, which no byte and no merge has");
    }

    /// <summary>The number of ids.</summary>
    public int Size => places.Length;

    /// <summary>The bytes in the order of their ids.</summary>
    public byte[] ByteOrder { get; }

    /// <summary>The ids of the bytes, then of what is merged.</summary>
    public int[] Ids { get; }

    /// <summary>Whether the ids are not those that follow from the order of the merges.</summary>
    public bool HasOwnOrder { get; }

    /// <summary>The token of each byte, or <see cref="NoToken"/>.</summary>
    public int[] ByteTokens { get; }

    /// <summary>The pairs in the order of their training.</summary>
    public (int Left, int Right)[] Merges { get; }

    /// <summary>The same, to be asked.</summary>
    public MergeTable MergeTable { get; }

    /// <summary>The bytes of a token of the vocabulary; none for an id that is not used.</summary>
    public ReadOnlySpan<byte> GetBytes(int token)
    {
        var own = bytes.AsSpan(places[token]);
        return own.IsEmpty ? added.GetValueOrDefault(token) : own;
    }

    /// <summary>The place of each byte in their order, or <see cref="NoToken"/>.</summary>
    /// <exception cref="GptException"><c>VocabularyInvalid</c>.</exception>
    public static int[] MapBytes(ReadOnlySpan<byte> byteOrder)
    {
        if (byteOrder.Length is 0 or > ByteCount)
            throw Invalid($"it has {byteOrder.Length} bytes instead of {ByteCount}");
        var tokens = new int[ByteCount];
        Array.Fill(tokens, NoToken);
        for (var id = 0; id < byteOrder.Length; id++)
        {
            if (tokens[byteOrder[id]] != NoToken)
                throw Invalid($"it has the byte {byteOrder[id]} twice");
            tokens[byteOrder[id]] = id;
        }

        return tokens;
    }

    /// <summary>The error for a vocabulary that cannot be.</summary>
    public static GptException Invalid(string problem) => new(
        "VocabularyInvalid", GptErrorKind.InvalidData,
        $"The vocabulary cannot be used: {problem}. Get the file again from where it came from.");

    private void AddByte(List<byte> content, int id, byte value)
    {
        if (IsMade(id) || added.ContainsKey(id))
            throw Invalid($"two of its tokens have the id {id}");
        content.Add(value);
        places[id] = (content.Count - 1)..content.Count;
    }

    private void AddMerge(List<byte> content, int id, int index)
    {
        var merge = Merges[index];
        if (!IsMade(merge.Left) || !IsMade(merge.Right))
            throw Invalid($"merge {index} uses the tokens {merge.Left} and {merge.Right}, which are not made yet");
        if (!MergeTable.TryAdd(merge.Left, merge.Right, id))
            throw Invalid($"merge {index} repeats an earlier one");
        var (left, right) = (places[merge.Left], places[merge.Right]);
        var start = content.Count;
        var end = start + (long)LengthOf(left) + LengthOf(right);
        if (end > MostBytes)
            throw Invalid($"merge {index} makes its tokens longer than {MostBytes} bytes together");
        CollectionsMarshal.SetCount(content, (int)end);
        var span = CollectionsMarshal.AsSpan(content);
        span[left].CopyTo(span[start..]);
        span[right].CopyTo(span[(start + LengthOf(left))..]);
        if (!IsMade(id) && !added.ContainsKey(id))
            places[id] = start..(int)end;
        else if (IsMade(id) && span[places[id]].SequenceEqual(span[start..]))
            CollectionsMarshal.SetCount(content, start);
        else
            throw Invalid($"two of its tokens have the id {id}");
    }

    private bool IsMade(int token) => (uint)token < (uint)places.Length && LengthOf(places[token]) > 0;

    private static int LengthOf(Range place) => place.End.Value - place.Start.Value;

    private void Add(AddedToken token)
    {
        if (token.Text.Length == 0 || token.Id < 0 || !added.TryAdd(token.Id, Encoding.UTF8.GetBytes(token.Text)))
            throw Invalid($"its added token '{token.Text}' is empty, or its id {token.Id} is taken");
        if (token.Id >= MostTokens)
            throw Invalid($"it would have {token.Id + 1L} tokens");
    }
}
