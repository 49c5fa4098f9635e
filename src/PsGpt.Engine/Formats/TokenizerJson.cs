using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PsGpt.Tokenization;

namespace PsGpt.Formats;

/// <summary>
/// <c>tokenizer.json</c> of Hugging Face's tokenizers: byte-level byte pairs as GPT-2 has them, and characters as a model of
/// whole words that are one character long.
/// </summary>
internal static class TokenizerJson
{
    public const string FileName = "tokenizer.json";

    /// <summary>Reads a tokenizer.</summary>
    /// <exception cref="GptException"><c>TokenizerFileInvalid</c>, <c>TokenizerUnsupported</c>.</exception>
    public static Tokenizer Read(ReadOnlySpan<byte> json, string path)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            var model = document.RootElement.GetProperty("model");
            return model.GetProperty("type").GetString() switch
            {
                "BPE" => ReadBytePairs(document.RootElement, model, path),
                "WordLevel" => ReadCharacters(model, path),
                var type => throw Unsupported(path, $"it is of the type '{type}'"),
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            throw new GptException("TokenizerFileInvalid", GptErrorKind.InvalidData,
                $"'{path}' is not a whole tokenizer: {exception.Message} Get it again from where it came from.", exception);
        }
    }

    /// <summary>The file for a tokenizer.</summary>
    /// <exception cref="GptException"><c>FormatCannotHold</c>: a tokenizer of a plug-in, or one with another split or other special tokens than GPT-2's.</exception>
    public static byte[] Write(Tokenizer tokenizer)
    {
        var file = tokenizer switch
        {
            BytePairTokenizer { Splitter: Gpt2Splitter } bytePairs when bytePairs.SpecialTokens.Count == (bytePairs.EndOfTextToken is null ? 0 : 1) => WriteBytePairs(bytePairs),
            CharacterTokenizer characters => WriteCharacters(characters),
            _ => throw new GptException("FormatCannotHold", GptErrorKind.NotSupported,
                $"{FileName} cannot hold the tokenizer '{tokenizer.Name}'. Use a byte-pair tokenizer with GPT-2's split, or a character tokenizer."),
        };
        return JsonSerializer.SerializeToUtf8Bytes(file, new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    private static BytePairTokenizer ReadBytePairs(JsonElement root, JsonElement model, string path)
    {
        if (!root.TryGetProperty("pre_tokenizer", out var split) || split.ValueKind != JsonValueKind.Object || split.GetProperty("type").GetString() != "ByteLevel")
            throw Unsupported(path, "it does not split texts as GPT-2 does");
        var vocabulary = model.GetProperty("vocab").EnumerateObject().ToDictionary(token => token.Name, token => token.Value.GetInt32());
        var byteOrder = new byte[256];
        foreach (var (text, id) in vocabulary.Where(token => token.Key.Length == 1))
        {
            if (id is >= 0 and < 256 && ByteCharacters.ToBytes(text) is [var value])
                byteOrder[id] = value;
        }

        var merges = new List<(int Left, int Right)>();
        foreach (var merge in model.GetProperty("merges").EnumerateArray())
        {
            string[] pair = merge.ValueKind == JsonValueKind.String ? merge.GetString()!.Split(' ') : [.. merge.EnumerateArray().Select(part => part.GetString()!)];
            if (pair.Length != 2 || vocabulary[pair[0] + pair[1]] != 256 + merges.Count)
                throw Unsupported(path, "its ids are not the 256 bytes followed by the merges in their order");
            merges.Add((vocabulary[pair[0]], vocabulary[pair[1]]));
        }

        var hasEndOfText = root.TryGetProperty("added_tokens", out var added) && added.EnumerateArray().Any(token => token.GetProperty("id").GetInt32() == 256 + merges.Count);
        return ((BytePairTokenizer)TokenizerCatalog.Gpt2).Merges.SequenceEqual(merges) && hasEndOfText
            ? (BytePairTokenizer)TokenizerCatalog.Gpt2
            : new BytePairTokenizer(byteOrder, merges, new Gpt2Splitter(), hasEndOfText);
    }

    private static CharacterTokenizer ReadCharacters(JsonElement model, string path)
    {
        var tokens = model.GetProperty("vocab").EnumerateObject().OrderBy(token => token.Value.GetInt32()).ToArray();
        if (tokens.Where((token, i) => token.Value.GetInt32() != i || !IsOneCharacter(token.Name)).Any())
            throw Unsupported(path, "its words are not single characters with ids from 0 on");
        return new CharacterTokenizer([.. tokens.Select(token => token.Name.EnumerateRunes().First())]);
    }

    private static bool IsOneCharacter(string text) => text.EnumerateRunes().Count() == 1;

    private static JsonObject WriteBytePairs(BytePairTokenizer tokenizer)
    {
        string TextOf(int id) => ByteCharacters.ToText(tokenizer.GetBytes(id));
        var vocabulary = new JsonObject();
        for (var id = 0; id < tokenizer.VocabularySize; id++)
            vocabulary[id == tokenizer.EndOfTextToken ? "<|endoftext|>" : TextOf(id)] = id;
        var file = Frame(new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = true }, new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = null,
            ["continuing_subword_prefix"] = null,
            ["end_of_word_suffix"] = null,
            ["fuse_unk"] = false,
            ["byte_fallback"] = false,
            ["vocab"] = vocabulary,
            ["merges"] = new JsonArray([.. tokenizer.Merges.Select(merge => (JsonNode)$"{TextOf(merge.Left)} {TextOf(merge.Right)}")]),
        });
        file["decoder"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = true, ["trim_offsets"] = true, ["use_regex"] = true };
        if (tokenizer.EndOfTextToken is { } endOfText)
        {
            file["added_tokens"] = new JsonArray(new JsonObject
            {
                ["id"] = endOfText, ["content"] = "<|endoftext|>", ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false, ["normalized"] = false, ["special"] = true,
            });
        }

        return file;
    }

    private static JsonObject WriteCharacters(CharacterTokenizer tokenizer)
    {
        var vocabulary = new JsonObject();
        foreach (var character in tokenizer.Characters)
            vocabulary[character.ToString()] = vocabulary.Count;
        var file = Frame(
            new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = "(?s)." }, ["behavior"] = "Isolated", ["invert"] = false },
            new JsonObject { ["type"] = "WordLevel", ["vocab"] = vocabulary, ["unk_token"] = "" });
        file["decoder"] = new JsonObject { ["type"] = "Fuse" };
        return file;
    }

    private static JsonObject Frame(JsonObject preTokenizer, JsonObject model) => new()
    {
        ["version"] = "1.0", ["truncation"] = null, ["padding"] = null, ["added_tokens"] = new JsonArray(),
        ["normalizer"] = null, ["pre_tokenizer"] = preTokenizer, ["post_processor"] = null, ["decoder"] = null, ["model"] = model,
    };

    private static GptException Unsupported(string path, string problem) => new(
        "TokenizerUnsupported", GptErrorKind.NotSupported,
        $"The tokenizer '{path}' cannot be used: {problem}. Use a byte-level byte-pair tokenizer like GPT-2's, or move the file away to load the weights alone.");
}
