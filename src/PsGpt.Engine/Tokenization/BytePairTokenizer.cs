using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace PsGpt.Tokenization;

/// <summary>
/// Byte-pair encoding over UTF-8 bytes (Sennrich et al. 2016; Radford et al. 2019): a text is split into pieces, and within a
/// piece the pair of neighbours that was merged first in training is merged, until none is left.
/// </summary>
public sealed class BytePairTokenizer : Tokenizer
{
    /// <summary>Pieces that are remembered: the words of a language, but not every number of a log file.</summary>
    private const int MostRememberedPieces = 1 << 16;

    /// <summary>A longer piece is not a word that comes back.</summary>
    private const int LongestRememberedPiece = 64;

    private readonly byte[][] tokenBytes;
    private readonly int[] byteTokens;
    private readonly Dictionary<long, int> ranks;
    private readonly ConcurrentDictionary<string, int[]> pieces = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> lookup;
    private int pieceCount;

    /// <summary>Makes a tokenizer from its merges.</summary>
    /// <param name="byteOrder">The 256 bytes in the order of their ids 0 … 255.</param>
    /// <param name="merges">The pairs of ids in the order of their training; merge i makes id 256 + i.</param>
    /// <param name="splitter">What cuts texts into pieces.</param>
    /// <param name="endOfText">Whether an end-of-text token follows the last merge.</param>
    /// <param name="name">The name of a well-known vocabulary; null names it after its content.</param>
    /// <exception cref="GptException"><c>VocabularyInvalid</c>.</exception>
    public BytePairTokenizer(IReadOnlyList<byte> byteOrder, IReadOnlyList<(int Left, int Right)> merges, ITextSplitter splitter, bool endOfText, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(byteOrder);
        ArgumentNullException.ThrowIfNull(merges);
        (ByteOrder, Merges, Splitter) = (byteOrder, merges, splitter);
        byteTokens = MapBytes(byteOrder);
        ranks = new Dictionary<long, int>(merges.Count);
        VocabularySize = 256 + merges.Count + (endOfText ? 1 : 0);
        EndOfTextToken = endOfText ? VocabularySize - 1 : null;
        tokenBytes = new byte[VocabularySize][];
        for (var id = 0; id < 256; id++)
            tokenBytes[id] = [byteOrder[id]];
        for (var i = 0; i < merges.Count; i++)
            AddMerge(256 + i, merges[i]);
        if (endOfText)
            tokenBytes[^1] = Encoding.UTF8.GetBytes("<|endoftext|>");
        lookup = pieces.GetAlternateLookup<ReadOnlySpan<char>>();
        Name = name ?? $"bpe{VocabularySize}-{Fingerprint()}";
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override int VocabularySize { get; }

    /// <inheritdoc/>
    public override int? EndOfTextToken { get; }

    /// <summary>The 256 bytes in the order of their ids.</summary>
    public IReadOnlyList<byte> ByteOrder { get; }

    /// <summary>The pairs of ids in the order of their training.</summary>
    public IReadOnlyList<(int Left, int Right)> Merges { get; }

    /// <summary>What cuts texts into pieces.</summary>
    public ITextSplitter Splitter { get; }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> GetBytes(int token) => tokenBytes[RequireInVocabulary(token)];

    /// <inheritdoc/>
    public override int Encode(ReadOnlySpan<char> text, bool isEnd, List<int> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var end = isEnd ? text.Length : SafeCut.Find(text);
        var rest = text[..end];
        while (!rest.IsEmpty)
        {
            var length = Splitter.GetPieceLength(rest);
            EncodePiece(rest[..length], tokens);
            rest = rest[length..];
        }

        return end;
    }

    private static int[] MapBytes(IReadOnlyList<byte> byteOrder)
    {
        var tokens = new int[256];
        Array.Fill(tokens, -1);
        for (var id = 0; id < byteOrder.Count && id < 256; id++)
            tokens[byteOrder[id]] = id;
        return byteOrder.Count == 256 && !tokens.Contains(-1) ? tokens : throw Invalid("it does not have each byte once");
    }

    private static GptException Invalid(string problem) => new(
        "VocabularyInvalid", GptErrorKind.InvalidData, $"The vocabulary cannot be used: {problem}. Get the file again from where it came from.");

    private static long Pair(int left, int right) => ((long)left << 32) | (uint)right;

    private void AddMerge(int id, (int Left, int Right) merge)
    {
        if ((uint)merge.Left >= (uint)id || (uint)merge.Right >= (uint)id)
            throw Invalid($"merge {id - 256} uses the tokens {merge.Left} and {merge.Right}, which are not made yet");
        if (!ranks.TryAdd(Pair(merge.Left, merge.Right), id))
            throw Invalid($"merge {id - 256} repeats an earlier one");
        tokenBytes[id] = [.. tokenBytes[merge.Left], .. tokenBytes[merge.Right]];
    }

    private void EncodePiece(ReadOnlySpan<char> piece, List<int> tokens)
    {
        if (lookup.TryGetValue(piece, out var known))
        {
            tokens.AddRange(known);
            return;
        }

        var merged = Merge(piece);
        tokens.AddRange(merged);
        if (piece.Length <= LongestRememberedPiece && Volatile.Read(ref pieceCount) < MostRememberedPieces && lookup.TryAdd(piece, merged))
            Interlocked.Increment(ref pieceCount);
    }

    private int[] Merge(ReadOnlySpan<char> piece)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(piece.Length)];
        var count = Encoding.UTF8.GetBytes(piece, bytes);
        var symbols = new int[count];
        for (var i = 0; i < count; i++)
            symbols[i] = byteTokens[bytes[i]];
        return new PairMerger(symbols, ranks).Run();
    }

    private string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Splitter.Name));
        foreach (var bytes in tokenBytes)
        {
            hash.AppendData([(byte)bytes.Length]);
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 4));
    }
}
