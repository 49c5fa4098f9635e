namespace PsGpt.Tokenization;

/// <summary>
/// Byte-pair encoding over UTF-8 bytes (Sennrich et al. 2016; Radford et al. 2019): a text is split into pre-tokens, and within a
/// pre-token the pair of neighbours that was merged first in training is merged, until none is left.
/// </summary>
public sealed class BytePairTokenizer : Tokenizer
{
    /// <summary>The text of the token that separates texts.</summary>
    public const string EndOfText = "<|endoftext|>";

    private readonly BytePairVocabulary vocabulary;
    private readonly PreTokenEncoderPool encoders;

    /// <summary>Makes a tokenizer from its merges.</summary>
    /// <param name="byteOrder">The 256 bytes in the order of their ids 0 … 255.</param>
    /// <param name="merges">The pairs of ids in the order of their training; merge i makes id 256 + i.</param>
    /// <param name="preTokenizer">What cuts texts into pre-tokens.</param>
    /// <param name="endOfText">Whether an end-of-text token follows the last merge.</param>
    /// <exception cref="GptException"><c>VocabularyInvalid</c>.</exception>
    public BytePairTokenizer(IReadOnlyList<byte> byteOrder, IReadOnlyList<(int Left, int Right)> merges, IPreTokenizer preTokenizer, bool endOfText)
        : this(byteOrder, merges, preTokenizer, endOfText ? new Dictionary<string, int> { [EndOfText] = 256 + (merges?.Count ?? 0) } : [])
    {
    }

    /// <summary>Makes a tokenizer from its merges and special tokens, which decode to their text and which no text encodes to.</summary>
    /// <param name="byteOrder">The 256 bytes in the order of their ids.</param>
    /// <param name="merges">The pairs of ids in the order of their training.</param>
    /// <param name="preTokenizer">What cuts texts into pre-tokens.</param>
    /// <param name="specialTokens">
    /// Texts and ids. The bytes and what the merges make have the ids that are left, from 0 on: as a rule all special tokens stand
    /// behind the last merge, in some vocabularies before the first byte. Ids behind the last merge may stay unused.
    /// </param>
    /// <exception cref="GptException"><c>VocabularyInvalid</c>.</exception>
    public BytePairTokenizer(IReadOnlyList<byte> byteOrder, IReadOnlyList<(int Left, int Right)> merges, IPreTokenizer preTokenizer, IReadOnlyDictionary<string, int> specialTokens)
    {
        ArgumentNullException.ThrowIfNull(byteOrder);
        ArgumentNullException.ThrowIfNull(merges);
        ArgumentNullException.ThrowIfNull(preTokenizer);
        ArgumentNullException.ThrowIfNull(specialTokens);
        vocabulary = new BytePairVocabulary([.. byteOrder], [.. merges], specialTokens);
        (PreTokenizer, SpecialTokens) = (preTokenizer, new Dictionary<string, int>(specialTokens, StringComparer.Ordinal));
        EndOfTextToken = SpecialTokens.TryGetValue(EndOfText, out var endOfText) ? endOfText : null;
        encoders = new PreTokenEncoderPool(() => new PreTokenEncoder(vocabulary.MergeTable, vocabulary.ByteTokens));
        Name = VocabularyName.Of(this);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override int VocabularySize => vocabulary.Size;

    /// <inheritdoc/>
    public override int? EndOfTextToken { get; }

    /// <summary>The 256 bytes in the order of their ids.</summary>
    public IReadOnlyList<byte> ByteOrder => vocabulary.ByteOrder;

    /// <summary>The pairs of ids in the order of their training; merge i makes the id 256 + i where no special token stands before.</summary>
    public IReadOnlyList<(int Left, int Right)> Merges => vocabulary.Merges;

    /// <summary>The texts and ids of the tokens that no text encodes to.</summary>
    public IReadOnlyDictionary<string, int> SpecialTokens { get; }

    /// <summary>What cuts texts into pre-tokens.</summary>
    public IPreTokenizer PreTokenizer { get; }

    /// <summary>Makes a tokenizer from its tokens alone, as tiktoken's and llm.c's files hold them.</summary>
    /// <param name="tokens">The bytes of the tokens in the order of their training; the first 256 are one byte each.</param>
    /// <param name="preTokenizer">What cuts texts into pre-tokens.</param>
    /// <param name="specialTokens">Texts and ids; <paramref name="tokens"/> have the ids that are left, from 0 on.</param>
    /// <exception cref="GptException"><c>VocabularyInvalid</c>.</exception>
    public static BytePairTokenizer FromTokens(IReadOnlyList<byte[]> tokens, IPreTokenizer preTokenizer, IReadOnlyDictionary<string, int> specialTokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(specialTokens);
        var (byteOrder, merges) = MergesFromRanks.Recover(tokens);
        var places = IdMapping.Of(tokens.Count, specialTokens.Values);
        return new BytePairTokenizer(byteOrder, Array.ConvertAll(merges, merge => (places[merge.Left], places[merge.Right])), preTokenizer, specialTokens);
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> GetBytes(int token)
    {
        var bytes = vocabulary.GetBytes(RequireInVocabulary(token));
        return bytes.IsEmpty ? throw OutsideVocabulary(token) : bytes;
    }

    /// <inheritdoc/>
    public override int Encode(ReadOnlySpan<char> text, bool isEnd, List<int> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var encoder = encoders.Rent();
        var preTokens = new PreTokenReader(PreTokenizer, text, isEnd);
        while (preTokens.Read())
            encoder.Encode(preTokens.Rest, preTokens.PreTokenLength, tokens);
        encoders.Return(encoder);
        return preTokens.Position;
    }
}
