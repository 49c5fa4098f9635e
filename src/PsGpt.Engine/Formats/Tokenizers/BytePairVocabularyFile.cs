using System.Text.Json;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Tokenizers;

/// <summary>The ids of byte-level tokens as files write them: <c>"!"</c> is 0, …, <c>"Ġthe"</c> is 262, ….</summary>
internal sealed class BytePairVocabularyFile
{
    // Vocabularies leave a few ids between their added tokens; a broken id must not cost the memory of all below it.
    private const int MostUnusedIds = 1024;

    // More tokens without a merge are not added ones: the merges are cut short.
    private const int MostTokensWithoutMerge = 8;

    private readonly Dictionary<string, int> ids;
    private readonly Dictionary<string, AddedToken> addedTokens = new(StringComparer.Ordinal);
    private readonly string path;
    private readonly Action<string> warn;

    /// <param name="vocabulary">An object with a property for each token.</param>
    /// <param name="path">What messages call the file.</param>
    /// <param name="warn">Takes what had to be assumed.</param>
    public BytePairVocabularyFile(JsonElement vocabulary, string path, Action<string> warn)
        : this(vocabulary.EnumerateObject().Select(token => (token.Name, token.Value.GetInt32())), vocabulary.GetPropertyCount(), path, warn)
    {
    }

    /// <param name="tokens">Each text with its id; no text stands twice.</param>
    /// <param name="count">About how many there are.</param>
    /// <param name="path">What messages call the file.</param>
    /// <param name="warn">Takes what had to be assumed.</param>
    public BytePairVocabularyFile(IEnumerable<(string Text, int Id)> tokens, int count, string path, Action<string> warn)
    {
        (this.path, this.warn) = (path, warn);
        ids = new(count, StringComparer.Ordinal);
        foreach (var (text, id) in tokens)
            ids.Add(text, id);
    }

    /// <summary>Adds a token that is found in texts as a whole; files list such tokens outside their vocabulary, or there too.</summary>
    /// <param name="token">The token. An id below 0 is that of its text in the vocabulary, or else the next that is free.</param>
    /// <exception cref="GptException"><c>TokenizerUnsupported</c>.</exception>
    public void Add(AddedToken token)
    {
        if (token.Text.Length == 0 || addedTokens.ContainsKey(token.Text))
            return;
        var isKnown = ids.TryGetValue(token.Text, out var id);
        if (isKnown && token.Id >= 0 && token.Id != id)
            throw Unsupported(path, $"its token '{token.Text}' has the ids {id} and {token.Id}");
        if (!isKnown)
            id = token.Id >= 0 ? token.Id : ids.Values.Concat(addedTokens.Values.Select(other => other.Id)).Max() + 1;
        addedTokens.Add(token.Text, token with { Id = id });
    }

    /// <summary>Makes the tokenizer; the built-in one where it equals that.</summary>
    /// <param name="merges">The merges in their order.</param>
    /// <param name="preTokenizer">Cuts texts into pre-tokens.</param>
    /// <param name="takesWholeTokens">Whether a pre-token that is a token becomes it at once (<c>ignore_merges</c>).</param>
    /// <param name="change">Changes what is left to say of the tokenizer, before it is compared with the built-in ones.</param>
    /// <exception cref="GptException"><c>TokenizerUnsupported</c>, <c>VocabularyInvalid</c>.</exception>
    public BytePairTokenizer ToTokenizer(
        IReadOnlyCollection<MergeText> merges, IPreTokenizer preTokenizer, bool takesWholeTokens = false,
        Func<BytePairTokenizer, BytePairTokenizer>? change = null)
    {
        AddTokensWithoutMerge(FindMerged(merges), takesWholeTokens);
        var tokens = TokensInOrder();
        var byteCount = tokens.TakeWhile(text => text.Length == 1).Count();
        var (pairs, more) = ReadPairs(tokens, byteCount, merges);
        var tokenizer = more.Count > 0 || takesWholeTokens
            ? Recover(tokens, preTokenizer, pairs, more)
            : new BytePairTokenizer([.. tokens[..byteCount].Select(ByteOf)], pairs, preTokenizer, [.. addedTokens.Values]);
        return TokenizerCatalog.Share(change is null ? tokenizer : change(tokenizer));
    }

    /// <summary>Whether an exception says that a file is not what its name promises.</summary>
    public static bool IsBroken(Exception exception) =>
        exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException;

    /// <summary>The error for such a file.</summary>
    public static GptException Invalid(string path, Exception exception) => new("TokenizerFileInvalid", GptErrorKind.InvalidData,
        $"'{path}' is not a whole tokenizer: {exception.Message.TrimEnd('.')}. Get it again from where it came from.", exception);

    /// <summary>The error for a file that is whole, but of another kind.</summary>
    public static GptException Unsupported(string path, string problem) => new("TokenizerUnsupported", GptErrorKind.NotSupported,
        $"The tokenizer '{path}' cannot be used: {problem}. Use a byte-level byte-pair tokenizer like GPT-2's. "
        + "Where it is a file of its own, moving that away loads the weights alone.");

    /// <summary>The ids of bytes and of what the merges make.</summary>
    private HashSet<int> FindMerged(IReadOnlyCollection<MergeText> merges)
    {
        var lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        var merged = new HashSet<int>(ids.Count);
        var room = Array.Empty<char>();
        foreach (var merge in merges)
        {
            var length = merge.Left.Length + merge.Right.Length;
            if (length > room.Length)
                room = new char[2 * length];
            merge.Left.Span.CopyTo(room);
            merge.Right.Span.CopyTo(room.AsSpan(merge.Left.Length));
            if (lookup.TryGetValue(room.AsSpan(0, length), out var id))
                merged.Add(id);
        }

        merged.UnionWith(ids.Where(token => token.Key.Length == 1 && ByteCharacters.ToBytes(token.Key) is not null).Select(token => token.Value));
        return merged;
    }

    /// <summary>Tokens of the vocabulary that no merge makes are special ones, which files of the first years do not list.</summary>
    private void AddTokensWithoutMerge(HashSet<int> merged, bool takesWholeTokens)
    {
        foreach (var token in addedTokens.Values.Where(token => ids.ContainsKey(token.Text) && merged.Contains(token.Id)).ToArray())
            addedTokens[token.Text] = token with { IsMerged = true };
        var unlisted = ids.Where(token => !merged.Contains(token.Value) && !addedTokens.ContainsKey(token.Key)).ToArray();
        var strange = unlisted.Where(token => token.Key is not (['<', _, .., '>'] or ['[', _, .., ']'])).Select(token => $"'{token.Key}'").ToArray();
        if (strange.Length > MostTokensWithoutMerge || (strange.Length > 0 && takesWholeTokens))
            throw Unsupported(path, $"it has tokens that no merge makes, such as {strange[0]}");
        if (strange.Length > 0)
            warn($"In '{path}' no merge makes {string.Join(", ", strange)}: they are taken for special tokens.");
        foreach (var (text, id) in unlisted)
            Add(new AddedToken(text, id));
    }

    /// <summary>The texts of the bytes, then of what is merged: all tokens by id, without the added ones.</summary>
    private string[] TokensInOrder()
    {
        var own = addedTokens.Values.Where(token => !token.IsMerged).ToDictionary(token => token.Text, token => token.Id);
        var count = ids.Count - own.Keys.Count(ids.ContainsKey);
        if (count == 0)
            throw Unsupported(path, "it has no token for any byte");
        if (own.Values.Any(id => id > (long)count + own.Count + MostUnusedIds))
            throw Unsupported(path, "its special tokens stand far behind the last merge");
        var places = IdMapping.Of(count, own.Values);
        var texts = new string?[places[^1] + 1];
        foreach (var (text, id) in ids)
        {
            if (own.ContainsKey(text))
                continue;
            if ((uint)id >= (uint)texts.Length)
                throw OutOfOrder();
            texts[id] = text;
        }

        return Array.ConvertAll(places, id => texts[id] ?? throw OutOfOrder());
    }

    /// <summary>
    /// The merge of each token, and the further ones of those that have several, as transformers make them of .tiktoken files.
    /// </summary>
    private (List<(int Left, int Right)> Pairs, HashSet<(int Left, int Right)> More) ReadPairs(
        string[] tokens, int byteCount, IEnumerable<MergeText> merges)
    {
        var lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        var pairs = new List<(int, int)>(tokens.Length - byteCount);
        var more = new HashSet<(int, int)>();
        foreach (var merge in merges)
        {
            var next = byteCount + pairs.Count;
            var pair = (lookup[merge.Left.Span], lookup[merge.Right.Span]);
            if (next < tokens.Length && merge.Makes(tokens[next]))
                pairs.Add(pair);
            else if (pairs.Count > 0 && merge.Makes(tokens[next - 1]))
                more.Add(pair);
            else
                throw OutOfOrder();
        }

        return byteCount + pairs.Count == tokens.Length ? (pairs, more) : throw OutOfOrder();
    }

    /// <summary>With several merges for a token, and where whole tokens come first, it is the one that its bytes are merged by.</summary>
    private BytePairTokenizer Recover(
        string[] tokens, IPreTokenizer preTokenizer, List<(int Left, int Right)> pairs, HashSet<(int Left, int Right)> more)
    {
        var tokenizer = BytePairTokenizer.FromTokens(Array.ConvertAll(tokens, BytesOf), preTokenizer, [.. addedTokens.Values]);
        for (var i = 0; i < pairs.Count; i++)
        {
            if (tokenizer.Merges[i] != pairs[i] && !more.Contains(tokenizer.Merges[i]))
                throw Unsupported(path, $"its merges do not make the token '{tokens[BytePairVocabulary.ByteCount + i]}' of its bytes");
        }

        return tokenizer;
    }

    private byte ByteOf(string text) => BytesOf(text) is [var value] ? value : throw OutOfOrder();

    private byte[] BytesOf(string text) => ByteCharacters.ToBytes(text) ?? throw OutOfOrder();

    private GptException OutOfOrder() => Unsupported(path, "its ids are not those of bytes followed by the merges in their order");
}
