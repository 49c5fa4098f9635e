using System.Text.Json;
using PsGpt.Tokenization;

namespace PsGpt.Formats;

/// <summary>The ids of byte-level tokens as a JSON object of a file has them: <c>{"!": 0, …, "Ġthe": 262, …}</c>.</summary>
internal sealed class BytePairVocabularyFile
{
    public const string EndOfText = "<|endoftext|>";

    private readonly Dictionary<string, int> ids;
    private readonly string path;

    public BytePairVocabularyFile(JsonElement vocabulary, string path)
    {
        this.path = path;
        ids = vocabulary.EnumerateObject().ToDictionary(token => token.Name, token => token.Value.GetInt32(), StringComparer.Ordinal);
    }

    /// <summary>Adds the tokens that a file lists outside its vocabulary.</summary>
    public void AddSpecialToken(string text, int id) => ids.TryAdd(text, id);

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

        var hasEndOfText = ids.TryGetValue(EndOfText, out var endOfText);
        if (hasEndOfText && endOfText != byteOrder.Length + merges.Count)
            throw Unsupported(path, $"{EndOfText} does not follow the last merge");
        var gpt2 = (BytePairTokenizer)TokenizerCatalog.Gpt2;
        return hasEndOfText && gpt2.ByteOrder.SequenceEqual(byteOrder) && gpt2.Merges.SequenceEqual(merges)
            ? gpt2
            : new BytePairTokenizer(byteOrder, merges, new Gpt2Splitter(), hasEndOfText);
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

    private byte[] ReadByteOrder()
    {
        var byteOrder = new byte[256];
        foreach (var (text, id) in ids.Where(token => token.Key.Length == 1))
        {
            if (id is >= 0 and < 256 && ByteCharacters.ToBytes(text) is [var value])
                byteOrder[id] = value;
        }

        return byteOrder;
    }
}
