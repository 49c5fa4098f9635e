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
        : this([], vocabulary.GetPropertyCount(), path, warn)
    {
        foreach (var token in vocabulary.EnumerateObject())
            ids.Add(token.Name, token.Value.GetInt32());
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
        var (pairs, products) = ReadPairs(merges);
        AddTokensWithoutMerge(FindMerged(products), takesWholeTokens);
        RequireUsableIds();
        var bytes = FindByteTexts(FindOwnIds());
        if (bytes.Length == 0)
            throw Unsupported(path, "it has no token for any byte");
        int[] order = [.. bytes.Select(text => ids[text]), .. products];
        var tokenizer = (takesWholeTokens || products.ToHashSet().Count < products.Length ? Recover(order, pairs, preTokenizer) : null)
            ?? (takesWholeTokens
                ? throw Unsupported(path, "it takes whole words that are tokens first (ignore_merges), and its merges do not make them")
                : new BytePairTokenizer(
                    Array.ConvertAll(bytes, ByteOf), pairs, preTokenizer, [.. addedTokens.Values], order));
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

    /// <summary>The ids of the two tokens of each merge, and of the one that it makes.</summary>
    private ((int Left, int Right)[] Pairs, int[] Products) ReadPairs(IReadOnlyCollection<MergeText> merges)
    {
        var lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        var (pairs, products) = (new (int, int)[merges.Count], new int[merges.Count]);
        var room = Array.Empty<char>();
        var i = 0;
        foreach (var merge in merges)
        {
            var length = merge.Left.Length + merge.Right.Length;
            if (length > room.Length)
                room = new char[2 * length];
            merge.Left.Span.CopyTo(room);
            merge.Right.Span.CopyTo(room.AsSpan(merge.Left.Length));
            if (!lookup.TryGetValue(merge.Left.Span, out var left) || !lookup.TryGetValue(merge.Right.Span, out var right)
                || !lookup.TryGetValue(room.AsSpan(0, length), out products[i]))
                throw new FormatException($"its vocabulary lacks a token of its merge {i + 1}, '{merge}'");
            pairs[i++] = (left, right);
        }

        return (pairs, products);
    }

    /// <summary>The ids of bytes and of what the merges make.</summary>
    private HashSet<int> FindMerged(int[] products)
    {
        var merged = products.ToHashSet();
        foreach (var (text, id) in ids)
        {
            if (text.Length == 1 && ByteCharacters.ToBytes(text) is not null)
                merged.Add(id);
        }

        return merged;
    }

    /// <summary>The texts of the tokens of one byte, in the order of their ids.</summary>
    private string[] FindByteTexts(HashSet<int> own)
    {
        var texts = ids.Keys.Where(text => text.Length == 1 && !own.Contains(ids[text])).ToArray();
        Array.Sort(texts, (left, right) => ids[left].CompareTo(ids[right]));
        return texts;
    }

    /// <summary>Tokens of the vocabulary that no merge makes are special ones, which files of the first years do not list.</summary>
    private void AddTokensWithoutMerge(HashSet<int> merged, bool takesWholeTokens)
    {
        foreach (var token in addedTokens.Values.Where(token => ids.ContainsKey(token.Text) && merged.Contains(token.Id)).ToArray())
            addedTokens[token.Text] = token with { IsMerged = true };
        var unlisted = ids.Keys.Where(text => !merged.Contains(ids[text]) && !addedTokens.ContainsKey(text)).ToArray();
        string[] strange =
        [
            .. from text in unlisted
               where text is not (['<', _, .., '>'] or ['[', _, .., ']'])
               select $"'{text}'",
        ];
        if (strange.Length > MostTokensWithoutMerge || (strange.Length > 0 && takesWholeTokens))
            throw Unsupported(path, $"it has tokens that no merge makes, such as {strange[0]}");
        if (strange.Length > 0)
            warn($"In '{path}' no merge makes {string.Join(", ", strange)}: they are taken for special tokens.");
        foreach (var text in unlisted)
            Add(new AddedToken(text, ids[text]));
    }

    /// <summary>The ids of the added tokens that no byte and no merge has.</summary>
    private HashSet<int> FindOwnIds() => [.. addedTokens.Values.Where(token => !token.IsMerged).Select(token => token.Id)];

    /// <summary>Each id has one token, and few below the highest have none.</summary>
    private void RequireUsableIds()
    {
        var texts = new Dictionary<int, string>(ids.Count);
        var highest = 0;
        foreach (var (text, id) in ids)
            Take(text, id);
        foreach (var token in addedTokens.Values)
            Take(token.Text, token.Id);
        if (highest > (long)texts.Count + MostUnusedIds)
            throw Unsupported(path, $"its ids go up to {highest}, and more than {MostUnusedIds} below have no token");

        void Take(string text, int id)
        {
            if (id < 0)
                throw Unsupported(path, $"its token '{text}' has the id {id}");
            if (!texts.TryAdd(id, text) && texts[id] != text)
                throw Unsupported(path, $"its tokens '{texts[id]}' and '{text}' both have the id {id}");
            highest = Math.Max(highest, id);
        }
    }

    /// <summary>
    /// The tokenizer whose tokens are merged as their bytes are: transformers mean that by several merges for a token in a row, as they
    /// make them of .tiktoken files. Null where the merges are not of that kind.
    /// </summary>
    /// <param name="order">The ids of the bytes, then of the tokens of the merges.</param>
    /// <param name="pairs">The merges.</param>
    /// <param name="preTokenizer">Cuts texts into pre-tokens.</param>
    private BytePairTokenizer? Recover(int[] order, (int Left, int Right)[] pairs, IPreTokenizer preTokenizer)
    {
        int[] inRow = [.. order.Where((id, i) => i == 0 || id != order[i - 1])];
        var own = FindOwnIds();
        if (order.Length - pairs.Length < BytePairVocabulary.ByteCount || !inRow.SequenceEqual(IdMapping.Of(inRow.Length, own)))
            return null;
        var texts = ids.Where(token => !own.Contains(token.Value)).ToDictionary(token => token.Value, token => token.Key);
        try
        {
            var tokenizer = BytePairTokenizer.FromTokens(
                Array.ConvertAll(inRow, id => BytesOf(texts[id])), preTokenizer, [.. addedTokens.Values]);
            return tokenizer.Merges.All(pairs.ToHashSet().Contains) ? tokenizer : null;
        }
        catch (GptException exception) when (exception.ErrorId == "VocabularyInvalid")
        {
            return null;
        }
    }

    private byte ByteOf(string text) => BytesOf(text)[0];

    private byte[] BytesOf(string text) =>
        ByteCharacters.ToBytes(text) ?? throw Unsupported(path, $"its token '{text}' is not written as bytes are");
}
