using System.Text.Json;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Tokenizers;

/// <summary>The ids of byte-level tokens as files write them: <c>"!"</c> is 0, …, <c>"Ġthe"</c> is 262, ….</summary>
internal sealed class BytePairVocabularyFile
{
    // Vocabularies leave a few ids between their special tokens; a broken id must not cost the memory of all below it.
    private const int MostUnusedIds = 1024;

    private readonly Dictionary<string, int> ids;
    private readonly Dictionary<string, int> specialTokens = new(StringComparer.Ordinal);
    private readonly string path;

    /// <param name="vocabulary">An object with a property for each token.</param>
    public BytePairVocabularyFile(JsonElement vocabulary, string path)
        : this(vocabulary.EnumerateObject().Select(token => (token.Name, token.Value.GetInt32())), vocabulary.GetPropertyCount(), path)
    {
    }

    /// <param name="tokens">Each text with its id; no text stands twice.</param>
    /// <param name="count">About how many there are.</param>
    public BytePairVocabularyFile(IEnumerable<(string Text, int Id)> tokens, int count, string path)
    {
        this.path = path;
        ids = new(count, StringComparer.Ordinal);
        foreach (var (text, id) in tokens)
            ids.Add(text, id);
    }

    /// <summary>Adds a token that no text encodes to; files list such tokens outside their vocabulary, or there too.</summary>
    /// <exception cref="GptException"><c>TokenizerUnsupported</c>.</exception>
    public void AddSpecialToken(string text, int id)
    {
        if (ids.TryGetValue(text, out var other) && other != id)
            throw Unsupported(path, $"its token '{text}' has the ids {other} and {id}");
        specialTokens[text] = id;
    }

    /// <summary>Adds the special tokens of a file that does not list them: no merge makes them, and they look like <c>&lt;s&gt;</c> or <c>[PAD]</c>.</summary>
    /// <exception cref="GptException"><c>TokenizerUnsupported</c>.</exception>
    public void AddSpecialTokens(IReadOnlyList<MergeText> merges)
    {
        foreach (var (text, id) in ids)
        {
            if (text is ['<', _, .., '>'] or ['[', _, .., ']'] && !merges.Any(merge => merge.Makes(text)))
                AddSpecialToken(text, id);
        }
    }

    /// <summary>Makes the tokenizer; the built-in one where it equals that.</summary>
    /// <param name="merges">The merges in their order.</param>
    /// <param name="preTokenizer">What cuts texts into pre-tokens.</param>
    /// <param name="takesWholeTokens">Whether a pre-token that is a token becomes it at once (<c>ignore_merges</c>).</param>
    /// <exception cref="GptException"><c>TokenizerUnsupported</c>, <c>VocabularyInvalid</c>.</exception>
    public BytePairTokenizer ToTokenizer(IEnumerable<MergeText> merges, IPreTokenizer preTokenizer, bool takesWholeTokens = false)
    {
        if (ids.TryGetValue(BytePairTokenizer.EndOfText, out var endOfText))
            AddSpecialToken(BytePairTokenizer.EndOfText, endOfText);
        var tokens = TokensInOrder();
        var (pairs, more) = ReadPairs(tokens, merges);
        var tokenizer = more.Count > 0 || takesWholeTokens
            ? Recover(tokens, preTokenizer, pairs, more)
            : new BytePairTokenizer([.. tokens[..BytePairVocabulary.ByteCount].Select(ByteOf)], pairs, preTokenizer, specialTokens);
        return TokenizerCatalog.Share(tokenizer);
    }

    /// <summary>Whether an exception says that a file is not what its name promises.</summary>
    public static bool IsBroken(Exception exception) =>
        exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException;

    /// <summary>The error for such a file.</summary>
    public static GptException Invalid(string path, Exception exception) => new("TokenizerFileInvalid", GptErrorKind.InvalidData,
        $"'{path}' is not a whole tokenizer: {exception.Message.TrimEnd('.')}. Get it again from where it came from.", exception);

    /// <summary>The error for a file that is whole, but of another kind.</summary>
    public static GptException Unsupported(string path, string problem) => new("TokenizerUnsupported", GptErrorKind.NotSupported,
        $"The tokenizer '{path}' cannot be used: {problem}. Use a byte-level byte-pair tokenizer like GPT-2's. Where it is a file of its own, moving that away loads the weights alone.");

    /// <summary>The texts of the bytes, then of what is merged: all tokens by id, without the special ones.</summary>
    private string[] TokensInOrder()
    {
        var count = ids.Count - specialTokens.Keys.Count(ids.ContainsKey);
        if (count < BytePairVocabulary.ByteCount)
            throw Unsupported(path, "it has no token for each byte");
        if (specialTokens.Values.Any(id => id > (long)count + specialTokens.Count + MostUnusedIds))
            throw Unsupported(path, "its special tokens stand far behind the last merge");
        var places = IdMapping.Of(count, specialTokens.Values);
        var texts = new string?[places[^1] + 1];
        foreach (var (text, id) in ids)
        {
            if (specialTokens.ContainsKey(text))
                continue;
            if ((uint)id >= (uint)texts.Length)
                throw OutOfOrder();
            texts[id] = text;
        }

        return Array.ConvertAll(places, id => texts[id] ?? throw OutOfOrder());
    }

    /// <summary>The merge of each token, and the further ones of those that have several (as transformers make them of .tiktoken files).</summary>
    private (List<(int Left, int Right)> Pairs, HashSet<(int Left, int Right)> More) ReadPairs(string[] tokens, IEnumerable<MergeText> merges)
    {
        var lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        var pairs = new List<(int, int)>(tokens.Length - BytePairVocabulary.ByteCount);
        var more = new HashSet<(int, int)>();
        foreach (var merge in merges)
        {
            var next = BytePairVocabulary.ByteCount + pairs.Count;
            var pair = (lookup[merge.Left.Span], lookup[merge.Right.Span]);
            if (next < tokens.Length && merge.Makes(tokens[next]))
                pairs.Add(pair);
            else if (pairs.Count > 0 && merge.Makes(tokens[next - 1]))
                more.Add(pair);
            else
                throw OutOfOrder();
        }

        return BytePairVocabulary.ByteCount + pairs.Count == tokens.Length ? (pairs, more) : throw Unsupported(path, "it has tokens that no merge makes");
    }

    /// <summary>With several merges for a token, and where whole tokens come first, it is the one that its bytes are merged by.</summary>
    private BytePairTokenizer Recover(string[] tokens, IPreTokenizer preTokenizer, List<(int Left, int Right)> pairs, HashSet<(int Left, int Right)> more)
    {
        var tokenizer = BytePairTokenizer.FromTokens(Array.ConvertAll(tokens, BytesOf), preTokenizer, specialTokens);
        for (var i = 0; i < pairs.Count; i++)
        {
            if (tokenizer.Merges[i] != pairs[i] && !more.Contains(tokenizer.Merges[i]))
                throw Unsupported(path, $"its merges do not make the token '{tokens[BytePairVocabulary.ByteCount + i]}' of its bytes");
        }

        return tokenizer;
    }

    private byte ByteOf(string text) => BytesOf(text) is [var value] ? value : throw OutOfOrder();

    private byte[] BytesOf(string text) => ByteCharacters.ToBytes(text) ?? throw OutOfOrder();

    private GptException OutOfOrder() => Unsupported(path, "its ids are not the 256 bytes followed by the merges in their order");
}
