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

    // The engines that read these files write "a dot that also takes line ends" in different ways; this they all understand.
    private const string AnyCharacter = @"[\s\S]";

    /// <summary>Reads a tokenizer.</summary>
    /// <exception cref="GptException"><c>TokenizerFileInvalid</c>, <c>TokenizerUnsupported</c>, <c>VocabularyInvalid</c>.</exception>
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
                "WordLevel" => ReadCharacters(document.RootElement, model, path),
                var type => throw BytePairVocabularyFile.Unsupported(path, $"it is of the type '{type}'"),
            };
        }
        catch (Exception exception) when (BytePairVocabularyFile.IsBroken(exception))
        {
            throw BytePairVocabularyFile.Invalid(path, exception);
        }
    }

    /// <summary>The file for a tokenizer.</summary>
    /// <exception cref="GptException"><c>FormatCannotHold</c>: a tokenizer of a plug-in, or one with another split than GPT-2's or with unused ids.</exception>
    public static byte[] Write(Tokenizer tokenizer)
    {
        var file = tokenizer switch
        {
            BytePairTokenizer { Splitter: Gpt2Splitter } bytePairs when bytePairs.VocabularySize == BytePairVocabulary.ByteCount + bytePairs.Merges.Count + bytePairs.SpecialTokens.Count => WriteBytePairs(bytePairs),
            CharacterTokenizer characters => WriteCharacters(characters),
            _ => throw new GptException("FormatCannotHold", GptErrorKind.NotSupported,
                $"{FileName} cannot hold the tokenizer '{tokenizer.Name}'. Use a byte-pair tokenizer with GPT-2's split, or a character tokenizer."),
        };
        return JsonSerializer.SerializeToUtf8Bytes(file, new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    private static BytePairTokenizer ReadBytePairs(JsonElement root, JsonElement model, string path)
    {
        if (!HasGpt2Split(root))
            throw BytePairVocabularyFile.Unsupported(path, "it does not split texts as GPT-2 does");
        var vocabulary = new BytePairVocabularyFile(model.GetProperty("vocab"), path);
        if (root.TryGetProperty("added_tokens", out var added))
        {
            foreach (var token in added.EnumerateArray())
                vocabulary.AddSpecialToken(token.GetProperty("content").GetString()!, token.GetProperty("id").GetInt32());
        }

        return vocabulary.ToTokenizer(model.GetProperty("merges").EnumerateArray().Select(ReadPair));
    }

    /// <summary>A pair is written "a b" or, in newer files, ["a", "b"].</summary>
    private static string[] ReadPair(JsonElement merge) =>
        merge.ValueKind == JsonValueKind.String ? merge.GetString()!.Split(' ') : [.. merge.EnumerateArray().Select(part => part.GetString()!)];

    /// <summary>Whatever else changes a text before it is merged would give other ids than the file's.</summary>
    private static bool HasGpt2Split(JsonElement root) =>
        Part(root, "normalizer") is null
        && Part(root, "pre_tokenizer") is { } split
        && split.GetProperty("type").ValueEquals("ByteLevel")
        && !(split.TryGetProperty("add_prefix_space", out var prefix) && prefix.GetBoolean())
        && !(split.TryGetProperty("use_regex", out var regex) && !regex.GetBoolean());

    private static JsonElement? Part(JsonElement root, string name) =>
        root.TryGetProperty(name, out var part) && part.ValueKind != JsonValueKind.Null ? part : null;

    private static CharacterTokenizer ReadCharacters(JsonElement root, JsonElement model, string path)
    {
        var tokens = model.GetProperty("vocab").EnumerateObject().OrderBy(token => token.Value.GetInt32()).ToArray();
        if (tokens.Where((token, i) => token.Value.GetInt32() != i || !IsOneCharacter(token.Name)).Any())
            throw BytePairVocabularyFile.Unsupported(path, "its words are not single characters with ids from 0 on");
        if (Part(root, "normalizer") is not null || Part(root, "pre_tokenizer") is not { } split || !split.GetProperty("type").ValueEquals("Split"))
            throw BytePairVocabularyFile.Unsupported(path, "it does not split texts into characters");
        return new CharacterTokenizer([.. tokens.Select(token => token.Name.EnumerateRunes().First())]);
    }

    private static bool IsOneCharacter(string text) => text.EnumerateRunes().Count() == 1;

    private static JsonObject WriteBytePairs(BytePairTokenizer tokenizer)
    {
        string TextOf(int id) => ByteCharacters.ToText(tokenizer.GetBytes(id));
        var vocabulary = new JsonObject();
        for (var id = 0; id < BytePairVocabulary.ByteCount + tokenizer.Merges.Count; id++)
            vocabulary[TextOf(id)] = id;
        foreach (var (text, id) in tokenizer.SpecialTokens)
            vocabulary[text] = id;
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
        file["added_tokens"] = new JsonArray([.. tokenizer.SpecialTokens.OrderBy(token => token.Value).Select(token => (JsonNode)new JsonObject
        {
            ["id"] = token.Value, ["content"] = token.Key, ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false, ["normalized"] = false, ["special"] = true,
        })]);
        return file;
    }

    private static JsonObject WriteCharacters(CharacterTokenizer tokenizer)
    {
        var vocabulary = new JsonObject();
        foreach (var character in tokenizer.Characters)
            vocabulary[character.ToString()] = vocabulary.Count;
        var file = Frame(
            new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = AnyCharacter }, ["behavior"] = "Isolated", ["invert"] = false },
            new JsonObject { ["type"] = "WordLevel", ["vocab"] = vocabulary, ["unk_token"] = "" });
        file["decoder"] = new JsonObject { ["type"] = "Fuse" };
        return file;
    }

    private static JsonObject Frame(JsonObject preTokenizer, JsonObject model) => new()
    {
        ["version"] = "1.0", ["truncation"] = null, ["padding"] = null, ["added_tokens"] = new JsonArray(),
        ["normalizer"] = null, ["pre_tokenizer"] = preTokenizer, ["post_processor"] = null, ["decoder"] = null, ["model"] = model,
    };
}
