using System.Text;

namespace PsGpt.Tokenization;

/// <summary>
/// Turns text into token ids and back. Immutable, and safe to use from several threads. Special tokens such as
/// <c>&lt;|endoftext|&gt;</c> that stand in a text are plain text, unless they are allowed; other added tokens are always found.
/// </summary>
public abstract class Tokenizer
{
    private AddedTokenFinder?[]? addedTokenFinders;

    /// <summary>
    /// Identifies the vocabulary: equal names mean equal ids. Built-in vocabularies have their usual name (<c>gpt2</c>);
    /// others end in a fingerprint of their content, so that two trained vocabularies never pass for each other.
    /// </summary>
    public abstract string Name { get; }

    /// <summary>The number of ids, V: a valid id is 0 … V − 1.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>The id that separates texts, or null where the vocabulary has none.</summary>
    public abstract int? EndOfTextToken { get; }

    /// <summary>All ids that end a text; the first is <see cref="EndOfTextToken"/>.</summary>
    /// <remarks>A method, since a list in a tokenizer in a model in a list is too deep for JSON.</remarks>
    public virtual IReadOnlyList<int> GetEndOfTextTokens() => EndOfTextToken is { } token ? Array.AsReadOnly([token]) : [];

    /// <inheritdoc cref="GetEndOfTextTokens"/>
    internal IReadOnlyList<int> EndOfTextTokens => GetEndOfTextTokens();

    /// <summary>The tokens that are looked for in texts as a whole, special ones and others.</summary>
    public virtual IReadOnlyList<AddedToken> GetAddedTokens() => [];

    /// <summary>Whether a text that does not start with a space is encoded as if it did (<c>add_prefix_space</c>).</summary>
    public virtual bool AddsPrefixSpace => false;

    /// <summary>Changes a text before it is split; null where nothing does.</summary>
    internal virtual TextNormalizer? Normalizer => null;

    /// <summary>The bytes of one token; part of a UTF-8 character where the token is.</summary>
    /// <exception cref="GptException"><c>TokenOutsideVocabulary</c>.</exception>
    public abstract ReadOnlySpan<byte> GetSpan(int token);

    /// <summary>A copy of the bytes of one token.</summary>
    /// <exception cref="GptException"><c>TokenOutsideVocabulary</c>.</exception>
    public byte[] GetBytes(int token) => GetSpan(token).ToArray();

    /// <summary>
    /// Encodes as much of a text as is certain whatever follows it, or all of it. Added tokens are not looked for.
    /// Invalid UTF-16 is encoded as U+FFFD.
    /// </summary>
    /// <param name="text">The text, starting where an earlier call stopped.</param>
    /// <param name="isEnd">True when nothing follows <paramref name="text"/>: all of it is encoded.</param>
    /// <param name="tokens">Where the ids are appended.</param>
    /// <returns>How many chars were encoded; give the rest again with what follows it.</returns>
    /// <exception cref="GptException"><c>TextOutsideVocabulary</c>: a character vocabulary lacks a character.</exception>
    public abstract int Encode(ReadOnlySpan<char> text, bool isEnd, List<int> tokens);

    /// <summary>Encodes a whole text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="allowSpecial">Whether texts of special tokens become those tokens; otherwise they are plain text.</param>
    /// <exception cref="GptException"><c>TextOutsideVocabulary</c>.</exception>
    public int[] Encode(ReadOnlySpan<char> text, bool allowSpecial = false)
    {
        var tokens = new List<int>((text.Length / 3) + 1);
        CreateEncoder(allowSpecial).Encode(text, isEnd: true, tokens);
        return [.. tokens];
    }

    /// <summary>The bytes that the tokens stand for.</summary>
    /// <exception cref="GptException"><c>TokenOutsideVocabulary</c>.</exception>
    public byte[] DecodeBytes(ReadOnlySpan<int> tokens)
    {
        using var bytes = new MemoryStream(tokens.Length * 4);
        foreach (var token in tokens)
            bytes.Write(GetSpan(token));
        return bytes.ToArray();
    }

    /// <summary>The text that the tokens stand for; bytes that are not UTF-8 become U+FFFD.</summary>
    /// <exception cref="GptException"><c>TokenOutsideVocabulary</c>.</exception>
    public string Decode(ReadOnlySpan<int> tokens) => Encoding.UTF8.GetString(DecodeBytes(tokens));

    /// <summary>Makes an encoder of texts. Those added tokens are looked for first that are not normalized.</summary>
    internal TextEncoder CreateEncoder(bool allowSpecial)
    {
        if (addedTokenFinders is null)
        {
            var tokens = GetAddedTokens();
            addedTokenFinders =
            [
                FinderOf(tokens.Where(token => token.IsNormalized).Select(Normalized).Where(token => token.Text.Length > 0)),
                FinderOf(tokens.Where(token => !token.IsNormalized)),
            ];
        }

        EncodeText encode = AddsPrefixSpace ? new PrefixSpaceStage(Encode).Encode : Encode;
        return new TextEncoder(encode, Normalizer, addedTokenFinders[0], addedTokenFinders[1], allowSpecial);

        static AddedTokenFinder? FinderOf(IEnumerable<AddedToken> tokens) => tokens.ToArray() is [_, ..] any ? new(any) : null;
    }

    /// <summary>A token that is looked for in normalized text has a text that the normalizer would leave.</summary>
    internal AddedToken Normalized(AddedToken token) =>
        Normalizer is null || !token.IsNormalized ? token : token with { Text = Normalizer.Normalize(token.Text) };

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Returns the token where it is in the vocabulary.</summary>
    /// <exception cref="GptException"><c>TokenOutsideVocabulary</c>.</exception>
    protected int RequireInVocabulary(int token) => (uint)token < (uint)VocabularySize ? token : throw OutsideVocabulary(token);

    /// <summary>The error for an id that stands for nothing.</summary>
    protected GptException OutsideVocabulary(int token) => new(
        "TokenOutsideVocabulary", GptErrorKind.InvalidData,
        $"The token id {token} is outside the vocabulary '{Name}' of {VocabularySize} tokens. Use the tokenizer that made the tokens.");
}
