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
    /// <param name="json">The content of the file.</param>
    /// <param name="path">What messages call it.</param>
    /// <param name="settings">What the files beside it say, or null.</param>
    /// <param name="warn">Takes what was assumed, and what the file does with texts that is left out here; null drops it.</param>
    /// <exception cref="GptException"><c>TokenizerFileInvalid</c>, <c>TokenizerUnsupported</c>, <c>VocabularyInvalid</c>.</exception>
    public static Tokenizer Read(ReadOnlyMemory<byte> json, string path, TokenizerSettings? settings = null, Action<string>? warn = null)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (!document.RootElement.TryGetProperty("model", out var model))
                throw new FormatException("it has no 'model'");
            return TypeOf(model) switch
            {
                "BPE" => ReadBytePairs(document.RootElement, model, path, settings, warn ?? (_ => { })),
                "WordLevel" => ReadCharacters(document.RootElement, model, path),
                var type => throw BytePairVocabularyFile.Unsupported(path, $"it is of the type '{type}'"),
            };
        }
        catch (Exception exception) when (BytePairVocabularyFile.IsBroken(exception))
        {
            throw BytePairVocabularyFile.Invalid(path, exception);
        }
    }

    /// <summary>The files of the first years, GPT-2's own among them, do not say it: their merges do.</summary>
    private static string? TypeOf(JsonElement model) =>
        model.TryGetProperty("type", out var type) ? type.GetString() : model.TryGetProperty("merges", out _) ? "BPE" : "unknown";

    private static BytePairTokenizer ReadBytePairs(
        JsonElement root, JsonElement model, string path, TokenizerSettings? settings, Action<string> warn)
    {
        var normalizer = NormalizerJson.Read(Part(root, "normalizer"), path);
        var (preTokenizer, prefixSpace) = PreTokenizerJson.Read(Part(root, "pre_tokenizer"), path);
        RequirePlainMerges(model, path);
        PostProcessorJson.Report(Part(root, "post_processor"), path, warn);
        if (Part(root, "truncation") is not null)
            warn($"'{path}' cuts long texts; here they are encoded whole.");
        if (Part(root, "padding") is not null)
            warn($"'{path}' fills short texts up with padding; here they are encoded without.");
        var vocabulary = new BytePairVocabularyFile(model.GetProperty("vocab"), path, warn);
        if (Part(root, "added_tokens") is { } added)
        {
            foreach (var token in added.EnumerateArray())
                vocabulary.Add(TokenizerSettings.ReadToken(token, token.GetProperty("id").GetInt32(), isSpecial: true));
        }

        foreach (var token in settings?.AddedTokens ?? [])
            vocabulary.Add(token);
        var tokenizer = vocabulary.ToTokenizer(
            ReadMerges(model.GetProperty("merges")), preTokenizer, Part(model, "ignore_merges") is { } ignores && ignores.GetBoolean(),
            plain => Change(plain, normalizer, settings, prefixSpace));
        if (tokenizer.ByteOrder.Count < BytePairVocabulary.ByteCount && Part(model, "unk_token") is { } unknown)
            throw BytePairVocabularyFile.Unsupported(path, $"it replaces bytes that it lacks by '{unknown.GetString()}'");
        return tokenizer;
    }

    /// <summary>Gives a tokenizer what is left to say of it.</summary>
    private static BytePairTokenizer Change(
        BytePairTokenizer tokenizer, TextNormalizer? normalizer, TokenizerSettings? settings, bool? prefixSpace)
    {
        if (normalizer is not null)
            tokenizer = tokenizer.WithNormalizer(normalizer);
        return MergesFile.Apply(settings, tokenizer, prefixSpace);
    }

    private static List<MergeText> ReadMerges(JsonElement merges)
    {
        var texts = new List<MergeText>(merges.GetArrayLength());
        foreach (var merge in merges.EnumerateArray())
            texts.Add(ReadMerge(merge));
        return texts;
    }

    /// <summary>A merge is written "a b" or, in newer files, ["a", "b"].</summary>
    private static MergeText ReadMerge(JsonElement merge)
    {
        if (merge.ValueKind == JsonValueKind.String)
            return MergeText.Parse(merge.GetString().AsMemory());
        return merge.GetArrayLength() == 2
            ? new(merge[0].GetString().AsMemory(), merge[1].GetString().AsMemory())
            : throw new FormatException("a merge is not of two tokens");
    }

    /// <summary>Any other change that the model makes to a text would give other ids than the file's.</summary>
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
        if (NormalizerJson.Read(Part(root, "normalizer"), path) is { } normalizer)
        {
            throw BytePairVocabularyFile.Unsupported(
                path, $"its normalizer '{normalizer.Steps[0]}' changes texts before they are split into characters");
        }

        if (Part(root, "pre_tokenizer") is not { } split || !split.GetProperty("type").ValueEquals("Split"))
            throw BytePairVocabularyFile.Unsupported(path, "it does not split texts into characters");
        return new CharacterTokenizer([.. tokens.Select(token => token.Name.EnumerateRunes().First())]);
    }

    private static bool IsOneCharacter(string text) => text.EnumerateRunes().Count() == 1;
}
