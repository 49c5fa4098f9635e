using System.Text.Json;
using System.Text.Json.Nodes;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Tokenizers;

/// <summary>
/// The <c>pre_tokenizer</c> of a <c>tokenizer.json</c>: what cuts texts into pre-tokens. It is GPT-2's <c>ByteLevel</c>, or a regular
/// expression and then <c>ByteLevel</c>; an expression is known by its text, as OpenAI's tiktoken published it.
/// </summary>
internal static class PreTokenizerJson
{
    // In the first spelling they are written. The others match the same pre-tokens.
    private static readonly (IPreTokenizer PreTokenizer, string[] Spellings)[] Known =
    [
        (new Gpt2PreTokenizer(),
        [
            @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
            @"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
            @"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s",
        ]),
        (new Cl100kPreTokenizer(),
        [
            @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
            @"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+",
        ]),
        (new O200kPreTokenizer(),
        [
            @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        ]),
    ];

    /// <summary>The split of a file; null where it is another, or where something else changes a text before it is merged.</summary>
    public static IPreTokenizer? Read(JsonElement preTokenizer)
    {
        if (IsByteLevel(preTokenizer, usesPattern: true))
            return new Gpt2PreTokenizer();
        if (!preTokenizer.GetProperty("type").ValueEquals("Sequence"))
            return null;
        var steps = preTokenizer.GetProperty("pretokenizers");
        if (steps.GetArrayLength() != 2 || !KeepsMatches(steps[0]) || !IsByteLevel(steps[1], usesPattern: false) || !steps[0].GetProperty("pattern").TryGetProperty("Regex", out var pattern))
            return null;
        return Known.FirstOrDefault(known => known.Spellings.Contains(pattern.GetString(), StringComparer.Ordinal)).PreTokenizer;
    }

    /// <summary>The same for a file to be written; null where the split is that of a plug-in.</summary>
    public static JsonObject? Write(IPreTokenizer preTokenizer)
    {
        if (preTokenizer is Gpt2PreTokenizer)
            return ByteLevel(usesPattern: true);
        var pattern = Known.FirstOrDefault(known => known.PreTokenizer.GetType() == preTokenizer.GetType()).Spellings?[0];
        return pattern is null ? null : new JsonObject
        {
            ["type"] = "Sequence",
            ["pretokenizers"] = new JsonArray(
                new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = pattern }, ["behavior"] = "Isolated", ["invert"] = false },
                ByteLevel(usesPattern: false)),
        };
    }

    private static JsonObject ByteLevel(bool usesPattern) =>
        new() { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = usesPattern };

    private static bool IsByteLevel(JsonElement step, bool usesPattern) =>
        step.GetProperty("type").ValueEquals("ByteLevel")
        && !(step.TryGetProperty("add_prefix_space", out var prefix) && prefix.GetBoolean())
        && (!step.TryGetProperty("use_regex", out var regex) || regex.GetBoolean()) == usesPattern;

    /// <summary>The matches become pre-tokens: "Isolated", or what is not matched is taken away, which is nothing with these patterns.</summary>
    private static bool KeepsMatches(JsonElement step)
    {
        var isInverted = step.TryGetProperty("invert", out var invert) && invert.GetBoolean();
        return step.GetProperty("type").ValueEquals("Split") && step.GetProperty("behavior").GetString() == (isInverted ? "Removed" : "Isolated");
    }
}
