using System.Text.Json;
using PsGpt.Tokenization;

namespace PsGpt.Formats;

/// <summary>The ids of byte-level tokens as a JSON object of a file has them: <c>{"!": 0, …, "Ġthe": 262, …}</c>.</summary>
internal sealed class BytePairVocabularyFile
{
    // Vocabularies leave a few ids between their special tokens; a broken id must not cost the memory of all below it.
    private const int MostUnusedIds = 1024;

    private readonly Dictionary<string, int> ids;
    private readonly Dictionary<string, int> specialTokens = new(StringComparer.Ordinal);
    private readonly string path;

    public BytePairVocabularyFile(JsonElement vocabulary, string path)
    {
        this.path = path;
        ids = vocabulary.EnumerateObject().ToDictionary(token => token.Name, token => token.Value.GetInt32(), StringComparer.Ordinal);
    }

    /// <summary>Adds a token that no text encodes to; files list such tokens outside their vocabulary, or there too.</summary>
    /// <exception cref="GptException"><c>TokenizerUnsupported</c>.</exception>
    public void AddSpecialToken(string text, int id)
    {
        if (ids.TryGetValue(text, out var other) && other != id)
            throw Unsupported(path, $"its token '{text}' has the ids {other} and {id}");
        specialTokens[text] = id;
    }

    /// <summary>Makes the tokenizer; GPT-2's own where it is that.</summary>
    /// <param name="pairs">The texts of the tokens that are merged, in their order.</param>
    /// <exception cref="GptException"><c>TokenizerUnsupported</c>, <c>VocabularyInvalid</c>.</exception>
    public BytePairTokenizer ToTokenizer(IEnumerable<string[]> pairs)
    {
        var byteOrder = ReadByteOrder();
        var merges = new List<(int Left, int Right)>();
        foreach (var pair in pairs)
        {
            if (pair.Length != 2 || ids[pair[0] + pair[1]] != byteOrder.Length + merges.Count)
                throw Unsupported(path, "its ids are not the 256 bytes followed by the merges in their order");
            merges.Add((ids[pair[0]], ids[pair[1]]));
        }

        if (ids.TryGetValue(BytePairTokenizer.EndOfText, out var endOfText))
            AddSpecialToken(BytePairTokenizer.EndOfText, endOfText);
        RequireOrder(byteOrder.Length + merges.Count);
        var tokenizer = new BytePairTokenizer(byteOrder, merges, new Gpt2Splitter(), specialTokens);
        return tokenizer.Name == TokenizerCatalog.Gpt2.Name ? (BytePairTokenizer)TokenizerCatalog.Gpt2 : tokenizer;
    }

    /// <summary>Whether an exception says that a file is not what its name promises.</summary>
    public static bool IsBroken(Exception exception) =>
        exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException;

    /// <summary>The error for such a file.</summary>
    public static GptException Invalid(string path, Exception exception) => new("TokenizerFileInvalid", GptErrorKind.InvalidData,
        $"'{path}' is not a whole tokenizer: {exception.Message.TrimEnd('.')}. Get it again from where it came from.", exception);

    /// <summary>The error for a file that is whole, but of another kind.</summary>
    public static GptException Unsupported(string path, string problem) => new("TokenizerUnsupported", GptErrorKind.NotSupported,
        $"The tokenizer '{path}' cannot be used: {problem}. Use a byte-level byte-pair tokenizer like GPT-2's, or move the file away to load the weights alone.");

    private void RequireOrder(int mergedCount)
    {
        if (ids.Keys.Count(text => !specialTokens.ContainsKey(text)) != mergedCount)
            throw Unsupported(path, "it has tokens that no merge makes");
        if (specialTokens.Values.Any(id => id < mergedCount || id > (long)mergedCount + specialTokens.Count + MostUnusedIds))
            throw Unsupported(path, "its special tokens do not follow the last merge");
    }

    private byte[] ReadByteOrder()
    {
        var byteOrder = new byte[BytePairVocabulary.ByteCount];
        foreach (var (text, id) in ids.Where(token => token.Key.Length == 1))
        {
            if (id is >= 0 and < BytePairVocabulary.ByteCount && ByteCharacters.ToBytes(text) is [var value])
                byteOrder[id] = value;
        }

        return byteOrder;
    }
}
