using System.Text.Json;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Tokenizers;

/// <summary>
/// <c>tokenizer.json</c> of Hugging Face's tokenizers: byte-level byte pairs as GPT-2 has them, and characters as a model of
/// whole words that are one character long.
/// </summary>
internal static class TokenizerJson
{
    public const string FileName = "tokenizer.json";

    /// <summary>Reads a tokenizer.</summary>
    /// <exception cref="GptException"><c>TokenizerFileInvalid</c>, <c>TokenizerUnsupported</c>, <c>VocabularyInvalid</c>.</exception>
    public static Tokenizer Read(ReadOnlyMemory<byte> json, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (!document.RootElement.TryGetProperty("model", out var model))
                throw new FormatException("it has no 'model'");
            return TypeOf(model) switch
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

    /// <summary>The files of the first years, GPT-2's own among them, do not say it: merges tell.</summary>
    private static string? TypeOf(JsonElement model) =>
        model.TryGetProperty("type", out var type) ? type.GetString() : model.TryGetProperty("merges", out _) ? "BPE" : "unknown";

    private static BytePairTokenizer ReadBytePairs(JsonElement root, JsonElement model, string path)
    {
        if (Part(root, "normalizer") is not null || Part(root, "pre_tokenizer") is not { } split || PreTokenizerJson.Read(split) is not { } preTokenizer)
            throw BytePairVocabularyFile.Unsupported(path, "it does not split texts as GPT-2, cl100k_base or o200k_base do");
        RequirePlainMerges(model, path);
        var vocabulary = new BytePairVocabularyFile(model.GetProperty("vocab"), path);
        if (root.TryGetProperty("added_tokens", out var added))
        {
            foreach (var token in added.EnumerateArray())
                vocabulary.AddSpecialToken(ReadAddedToken(token, path), token.GetProperty("id").GetInt32());
        }

        return vocabulary.ToTokenizer(model.GetProperty("merges").EnumerateArray().Select(ReadMerge), preTokenizer, Part(model, "ignore_merges") is { } ignores && ignores.GetBoolean());
    }

    /// <summary>A merge is written "a b" or, in newer files, ["a", "b"].</summary>
    private static MergeText ReadMerge(JsonElement merge)
    {
        if (merge.ValueKind == JsonValueKind.String)
            return MergeText.Parse(merge.GetString().AsMemory());
        return merge.GetArrayLength() == 2 ? new(merge[0].GetString().AsMemory(), merge[1].GetString().AsMemory()) : throw new FormatException("a merge is not of two tokens");
    }

    /// <summary>Added tokens are not made from text here, as special ones; runs of blanks are text all the same.</summary>
    private static string ReadAddedToken(JsonElement token, string path)
    {
        var text = token.GetProperty("content").GetString()!;
        if (string.IsNullOrWhiteSpace(text) && !(token.TryGetProperty("special", out var special) && special.GetBoolean()))
            throw BytePairVocabularyFile.Unsupported(path, "it has tokens for white space that no merge makes");
        return text;
    }

    /// <summary>Whatever else the model does with a text would give other ids than the file's.</summary>
    private static void RequirePlainMerges(JsonElement model, string path)
    {
        foreach (var name in new[] { "dropout", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback" })
        {
            if (Part(model, name) is { } value && value.GetRawText() is not ("false" or "\"\"" or "0" or "0.0"))
                throw BytePairVocabularyFile.Unsupported(path, $"its merges are changed by '{name}'");
        }
    }

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
}
