namespace PsGpt.Tokenization;

/// <summary>
/// Byte-pair encoding over UTF-8 bytes (Sennrich et al. 2016; Radford et al. 2019): a text is split into pre-tokens, and within a
/// pre-token the pair of neighbours that was merged first in training is merged, until none is left.
/// </summary>
public sealed partial class BytePairTokenizer : Tokenizer
{
    /// <summary>The text of the token that separates texts.</summary>
    public const string EndOfText = "<|endoftext|>";

    private readonly IReadOnlyList<int> endOfTextTokens;
    private readonly BytePairVocabulary vocabulary;
    private readonly PreTokenEncoderPool encoders;
    private readonly Lazy<string> name;

    /// <summary>Makes a tokenizer from its merges.</summary>
    /// <param name="byteOrder">The 256 bytes in the order of their ids 0 … 255.</param>
    /// <param name="merges">The pairs of ids in the order of their training; merge i makes id 256 + i.</param>
    /// <param name="preTokenizer">Cuts texts into pre-tokens.</param>
    /// <param name="endOfText">Whether an end-of-text token follows the last merge.</param>
    /// <exception cref="GptException"><c>VocabularyInvalid</c>.</exception>
    public BytePairTokenizer(
        IReadOnlyList<byte> byteOrder, IReadOnlyList<(int Left, int Right)> merges, IPreTokenizer preTokenizer, bool endOfText)
        : this(byteOrder, merges, preTokenizer, endOfText ? new Dictionary<string, int> { [EndOfText] = 256 + (merges?.Count ?? 0) } : [])
    {
    }

    /// <summary>Makes a tokenizer from its merges and special tokens.</summary>
    /// <param name="byteOrder">The bytes in the order of their ids.</param>
    /// <param name="merges">The pairs of ids in the order of their training.</param>
    /// <param name="preTokenizer">Cuts texts into pre-tokens.</param>
    /// <param name="specialTokens">
    /// Texts and ids. The bytes and merges have the ids that are left, from 0 on: usually all special tokens stand behind the last
    /// merge, in some vocabularies before the first byte. Ids behind the last merge may stay unused.
    /// </param>
    /// <exception cref="GptException"><c>VocabularyInvalid</c>.</exception>
    public BytePairTokenizer(
        IReadOnlyList<byte> byteOrder, IReadOnlyList<(int Left, int Right)> merges, IPreTokenizer preTokenizer,
        IReadOnlyDictionary<string, int> specialTokens)
        : this(byteOrder, merges, preTokenizer, ToAddedTokens(specialTokens))
    {
    }

    /// <summary>Makes a tokenizer from its merges and added tokens, special ones and others.</summary>
    /// <param name="byteOrder">
    /// The bytes in the order of their ids. Where there are fewer than 256, a text that needs another cannot be encoded.
    /// </param>
    /// <param name="merges">The pairs of ids in the order of their training.</param>
    /// <param name="preTokenizer">Cuts texts into pre-tokens.</param>
    /// <param name="addedTokens">The tokens that are looked for in texts as a whole. Bytes and merges have the ids that they leave.</param>
    /// <exception cref="GptException"><c>VocabularyInvalid</c>.</exception>
    public BytePairTokenizer(
        IReadOnlyList<byte> byteOrder, IReadOnlyList<(int Left, int Right)> merges, IPreTokenizer preTokenizer,
        IReadOnlyList<AddedToken> addedTokens)
        : this(byteOrder, merges, preTokenizer, addedTokens, ids: null)
    {
    }

    /// <param name="byteOrder">The bytes.</param>
    /// <param name="merges">The pairs of ids in the order of their training.</param>
    /// <param name="preTokenizer">Cuts texts into pre-tokens.</param>
    /// <param name="addedTokens">The tokens that are looked for in texts as a whole.</param>
    /// <param name="ids">The id of each byte, then of the token of each merge; null for those that the added tokens leave.</param>
    /// <exception cref="GptException"><c>VocabularyInvalid</c>.</exception>
    internal BytePairTokenizer(
        IReadOnlyList<byte> byteOrder, IReadOnlyList<(int Left, int Right)> merges, IPreTokenizer preTokenizer,
        IReadOnlyList<AddedToken> addedTokens, int[]? ids)
    {
        ArgumentNullException.ThrowIfNull(byteOrder);
        ArgumentNullException.ThrowIfNull(merges);
        ArgumentNullException.ThrowIfNull(preTokenizer);
        ArgumentNullException.ThrowIfNull(addedTokens);
        (PreTokenizer, AddedTokens) = (preTokenizer, [.. addedTokens]);
        vocabulary = new BytePairVocabulary([.. byteOrder], [.. merges], AddedTokens, ids);
        var special = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var token in AddedTokens.Where(token => token.IsSpecial))
            special[token.Text] = token.Id;
        SpecialTokens = special;
        endOfTextTokens = SpecialTokens.TryGetValue(EndOfText, out var endOfText) ? Array.AsReadOnly([endOfText]) : [];
        encoders = new PreTokenEncoderPool(() => new PreTokenEncoder(vocabulary.MergeTable, vocabulary.ByteTokens));
        name = new Lazy<string>(FindName);
    }

    /// <inheritdoc/>
    public override string Name => name.Value;

    /// <inheritdoc/>
    public override int VocabularySize => vocabulary.Size;

    /// <inheritdoc/>
    public override int? EndOfTextToken => EndOfTextTokens is [var first, ..] ? first : null;

    /// <summary>All ids that end a text: <see cref="EndOfText"/> unless a file says otherwise.</summary>
    public override IReadOnlyList<int> GetEndOfTextTokens() => endOfTextTokens;

    /// <inheritdoc/>
    public override IReadOnlyList<AddedToken> GetAddedTokens() => AddedTokens;

    private AddedToken[] AddedTokens { get; }

    /// <inheritdoc/>
    public override bool AddsPrefixSpace { get; }

    /// <summary>The bytes in the order of their ids.</summary>
    internal IReadOnlyList<byte> ByteOrder => vocabulary.ByteOrder;

    /// <summary>
    /// The pairs of ids in the order of their training. Merge i makes the id 256 + i, unless an added token stands before it or a file
    /// gives its tokens other ids.
    /// </summary>
    internal IReadOnlyList<(int Left, int Right)> Merges => vocabulary.Merges;

    /// <summary>The texts and ids of the special tokens.</summary>
    internal IReadOnlyDictionary<string, int> SpecialTokens { get; }

    /// <inheritdoc cref="ByteOrder"/>
    public IReadOnlyList<byte> GetByteOrder() => ByteOrder;

    /// <inheritdoc cref="Merges"/>
    /// <remarks>A method, since a property would drag a whole vocabulary into JSON.</remarks>
    public IReadOnlyList<(int Left, int Right)> GetMerges() => Merges;

    /// <inheritdoc cref="SpecialTokens"/>
    public IReadOnlyDictionary<string, int> GetSpecialTokens() => SpecialTokens;

    /// <inheritdoc cref="PreTokenizer"/>
    public IPreTokenizer GetPreTokenizer() => PreTokenizer;

    /// <summary>Cuts texts into pre-tokens.</summary>
    internal IPreTokenizer PreTokenizer { get; }

    /// <summary>The ids of the bytes in their order, then of what is merged.</summary>
    internal IReadOnlyList<int> MergedIds => vocabulary.Ids;

    /// <summary>Whether the ids are not those that follow from the order of the merges.</summary>
    internal bool HasOwnOrder => vocabulary.HasOwnOrder;

    /// <inheritdoc/>
    internal override TextNormalizer? Normalizer { get; }

    private BytePairTokenizer(
        BytePairTokenizer other, IReadOnlyList<int> endOfTextTokens, bool addsPrefixSpace, TextNormalizer? normalizer)
    {
        (vocabulary, encoders, PreTokenizer) = (other.vocabulary, other.encoders, other.PreTokenizer);
        (AddedTokens, SpecialTokens) = (other.AddedTokens, other.SpecialTokens);
        (this.endOfTextTokens, AddsPrefixSpace, Normalizer) = (Array.AsReadOnly([.. endOfTextTokens]), addsPrefixSpace, normalizer);
        name = new Lazy<string>(FindName);
    }

    /// <summary>Makes a tokenizer from its tokens alone, as tiktoken's and llm.c's files hold them.</summary>
    /// <param name="tokens">The bytes of the tokens in the order of their training; the first 256 are one byte each.</param>
    /// <param name="preTokenizer">Cuts texts into pre-tokens.</param>
    /// <param name="specialTokens">Texts and ids; <paramref name="tokens"/> have the ids that are left, from 0 on.</param>
    /// <exception cref="GptException"><c>VocabularyInvalid</c>.</exception>
    public static BytePairTokenizer FromTokens(
        IReadOnlyList<byte[]> tokens, IPreTokenizer preTokenizer, IReadOnlyDictionary<string, int> specialTokens) =>
        FromTokens(tokens, preTokenizer, ToAddedTokens(specialTokens));

    /// <summary>The same with other tokens that end a text; the ids of texts are the same.</summary>
    /// <param name="endOfTextTokens">The ids; the first is the one that is written.</param>
    public BytePairTokenizer WithEndOfText(IReadOnlyList<int> endOfTextTokens)
    {
        ArgumentNullException.ThrowIfNull(endOfTextTokens);
        return endOfTextTokens.SequenceEqual(EndOfTextTokens) ? this : new(this, endOfTextTokens, AddsPrefixSpace, Normalizer);
    }

    /// <summary>The same, but a text that does not start with a space is encoded as if it did.</summary>
    public BytePairTokenizer WithPrefixSpace() => AddsPrefixSpace ? this : new(this, EndOfTextTokens, addsPrefixSpace: true, Normalizer);

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> GetSpan(int token)
    {
        var bytes = vocabulary.GetBytes(RequireInVocabulary(token));
        return bytes.IsEmpty ? throw OutsideVocabulary(token) : bytes;
    }

    /// <inheritdoc/>
    public override int Encode(ReadOnlySpan<char> text, bool isEnd, List<int> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return ParallelEncoding.IsFor(PreTokenizer, text.Length)
            ? new ParallelEncoding(EncodePart).Encode(text, isEnd, tokens)
            : EncodePart(text, isEnd, tokens, part: 0);
    }

    private int EncodePart(ReadOnlySpan<char> text, bool isEnd, List<int> tokens, int part)
    {
        var count = tokens.Count;
        var encoder = encoders.Rent(part);
        var preTokens = new PreTokenReader(PreTokenizer, text, isEnd);
        while (preTokens.Read())
        {
            if (encoder.TryEncode(preTokens.Rest, preTokens.PreTokenLength, tokens))
                continue;
            tokens.RemoveRange(count, tokens.Count - count);
            throw OutsideVocabulary(preTokens.Rest[..preTokens.PreTokenLength]);
        }

        encoders.Return(encoder, part);
        return preTokens.Position;
    }

    /// <summary>The same, but texts are normalized before they are split.</summary>
    internal BytePairTokenizer WithNormalizer(TextNormalizer normalizer) => new(this, EndOfTextTokens, AddsPrefixSpace, normalizer);

    internal static BytePairTokenizer FromTokens(
        IReadOnlyList<byte[]> tokens, IPreTokenizer preTokenizer, IReadOnlyList<AddedToken> addedTokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var (byteOrder, merges) = MergesFromRanks.Recover(tokens);
        var ids = IdMapping.Of(tokens.Count, addedTokens.Where(token => !token.IsMerged).Select(token => token.Id));
        return new(byteOrder, Array.ConvertAll(merges, merge => (ids[merge.Left], ids[merge.Right])), preTokenizer, addedTokens);
    }

    private static AddedToken[] ToAddedTokens(IReadOnlyDictionary<string, int> specialTokens)
    {
        ArgumentNullException.ThrowIfNull(specialTokens);
        return [.. specialTokens.OrderBy(token => token.Value).Select(token => new AddedToken(token.Key, token.Value))];
    }

    private GptException OutsideVocabulary(ReadOnlySpan<char> preToken)
    {
        var missing = System.Text.Encoding.UTF8.GetBytes(preToken.ToArray()).First(value => vocabulary.ByteTokens[value] < 0);
        return new("TextOutsideVocabulary", GptErrorKind.InvalidData,
            $"The text '{preToken}' has the byte 0x{missing:X2}, for which the vocabulary '{Name}' has no token. "
            + "Leave it out, or use a tokenizer that was trained on all bytes.");
    }
}
