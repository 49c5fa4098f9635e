using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Tokenizers;

/// <summary>Writes <c>tokenizer.json</c>, so that Hugging Face's tokenizers load it unchanged.</summary>
internal static class TokenizerJsonWriter
{
    // The engines that read these files write "a dot that also takes line ends" in different ways; this they all understand.
    private const string AnyCharacter = @"[\s\S]";

    /// <summary>The file for a tokenizer.</summary>
    /// <exception cref="GptException"><c>FormatCannotHold</c>: a tokenizer of a plug-in, or one with the split of a plug-in.</exception>
    public static byte[] Write(Tokenizer tokenizer)
    {
        var file = tokenizer switch
        {
            BytePairTokenizer bytePairs
                when PreTokenizerJson.Write(bytePairs.PreTokenizer, bytePairs.AddsPrefixSpace) is { } preTokenizer =>
                WriteBytePairs(bytePairs, preTokenizer),
            CharacterTokenizer characters => WriteCharacters(characters),
            _ => throw CannotHold(tokenizer),
        };
        return JsonSerializer.SerializeToUtf8Bytes(
            file, new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>Whether the file can describe a tokenizer.</summary>
    public static bool CanHold(Tokenizer tokenizer) => tokenizer is CharacterTokenizer
        || (tokenizer is BytePairTokenizer bytePairs
            && PreTokenizerJson.Write(bytePairs.PreTokenizer, bytePairs.AddsPrefixSpace) is not null);

    /// <summary>The error for a tokenizer that the file cannot describe.</summary>
    public static GptException CannotHold(Tokenizer tokenizer) => new("FormatCannotHold", GptErrorKind.NotSupported,
        $"{TokenizerJson.FileName} cannot hold the tokenizer '{tokenizer.Name}'. Use a byte-pair tokenizer with the split of GPT-2, "
        + "cl100k_base or o200k_base, a character tokenizer, or one that is registered by name.");

    private static JsonObject WriteBytePairs(BytePairTokenizer tokenizer, JsonObject preTokenizer)
    {
        string TextOf(int id) => ByteCharacters.ToText(tokenizer.GetSpan(id));
        var vocabulary = new JsonObject();
        foreach (var id in tokenizer.MergedIds)
            vocabulary[TextOf(id)] = id;

        // Added tokens stand here too: those that did not would get the next free ids, and not their own, where some are left out.
        foreach (var token in tokenizer.GetAddedTokens().Where(token => !token.IsMerged))
            vocabulary[token.Text] = token.Id;
        var file = Frame(preTokenizer, new JsonObject
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
        file["normalizer"] = NormalizerJson.Write(tokenizer.Normalizer);
        file["decoder"] = new JsonObject
        {
            ["type"] = "ByteLevel", ["add_prefix_space"] = true, ["trim_offsets"] = true, ["use_regex"] = true,
        };
        var added = tokenizer.GetAddedTokens().OrderBy(token => token.Id);
        file["added_tokens"] = new JsonArray([.. added.Select(token => (JsonNode)new JsonObject
        {
            ["id"] = token.Id,
            ["content"] = token.Text,
            ["single_word"] = token.IsSingleWord,
            ["lstrip"] = token.StripsLeft,
            ["rstrip"] = token.StripsRight,
            ["normalized"] = token.IsNormalized,
            ["special"] = token.IsSpecial,
        })]);
        return file;
    }

    private static JsonObject WriteCharacters(CharacterTokenizer tokenizer)
    {
        var vocabulary = new JsonObject();
        foreach (var character in tokenizer.Characters)
            vocabulary[character.ToString()] = vocabulary.Count;
        var file = Frame(
            PreTokenizerJson.Split(AnyCharacter),
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
