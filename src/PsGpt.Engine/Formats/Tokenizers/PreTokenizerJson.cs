using System.Text.Json;
using System.Text.Json.Nodes;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Tokenizers;

/// <summary>
/// The <c>pre_tokenizer</c> of a <c>tokenizer.json</c>: it cuts texts into pre-tokens. It is GPT-2's <c>ByteLevel</c>, or a regular
/// expression and then <c>ByteLevel</c>; an expression is known by its text, as OpenAI's tiktoken published it.
/// </summary>
internal static class PreTokenizerJson
{
    private const string Supported = "GPT-2, cl100k_base or o200k_base";

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
            @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
                + @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
                + @"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        ]),
    ];

    /// <summary>
    /// The pre-tokenizer of a file, and whether it puts a space in front of texts; null where that cannot be set, since a pattern splits
    /// them: transformers only set it for a <c>ByteLevel</c> that stands alone.
    /// </summary>
    /// <exception cref="GptException"><c>TokenizerUnsupported</c>: it is another.</exception>
    public static (IPreTokenizer PreTokenizer, bool? AddsPrefixSpace) Read(JsonElement? preTokenizer, string path)
    {
        var steps = preTokenizer is { } part ? StepsOf(part).ToArray() : [];
        if (steps.Length == 0)
            throw BytePairVocabularyFile.Unsupported(path, "it has no pre_tokenizer, which splits texts and turns them into bytes");
        if (steps is [var only] && IsByteLevel(only, usesPattern: true))
            return (new Gpt2PreTokenizer(), AddsPrefixSpace(only));
        if (steps is not [var split, var bytes] || !IsByteLevel(bytes, usesPattern: false) || !KeepsMatches(split))
        {
            var types = string.Join(", ", steps.Select(step => step.GetProperty("type").GetString()));
            throw BytePairVocabularyFile.Unsupported(path, $"its pre-tokenizer ({types}) does not split texts as {Supported} do");
        }

        if (AddsPrefixSpace(bytes))
            throw BytePairVocabularyFile.Unsupported(path, "its pre-tokenizer puts a space in front of each part of a text");
        var pattern = split.GetProperty("pattern").TryGetProperty("Regex", out var regex) ? regex.GetString() : null;
        return Known.FirstOrDefault(known => known.Spellings.Contains(pattern, StringComparer.Ordinal)).PreTokenizer is { } found
            ? (found, null)
            : throw BytePairVocabularyFile.Unsupported(
                path, $"it does not split texts as {Supported} do, but by {(pattern is null ? "a fixed text" : $"the pattern {pattern}")}");
    }

    /// <summary>
    /// The same for a file to be written; null where the split is that of a plug-in, or a pattern that leaves no place for the space.
    /// </summary>
    public static JsonObject? Write(IPreTokenizer preTokenizer, bool addsPrefixSpace = false)
    {
        if (preTokenizer is Gpt2PreTokenizer)
            return ByteLevel(usesPattern: true, addsPrefixSpace);
        var pattern = Known.FirstOrDefault(known => known.PreTokenizer.GetType() == preTokenizer.GetType()).Spellings?[0];
        return pattern is null || addsPrefixSpace ? null : new JsonObject
        {
            ["type"] = "Sequence",
            ["pretokenizers"] = new JsonArray(
                Split(pattern),
                ByteLevel(usesPattern: false)),
        };
    }

    /// <summary>The step that makes a pre-token of each match of a pattern.</summary>
    public static JsonObject Split(string pattern) => new()
    {
        ["type"] = "Split",
        ["pattern"] = new JsonObject { ["Regex"] = pattern },
        ["behavior"] = "Isolated",
        ["invert"] = false,
    };

    private static JsonObject ByteLevel(bool usesPattern, bool addsPrefixSpace = false) =>
        new() { ["type"] = "ByteLevel", ["add_prefix_space"] = addsPrefixSpace, ["trim_offsets"] = true, ["use_regex"] = usesPattern };

    /// <summary>The steps of a sequence, also of sequences within it; anything else is one step.</summary>
    private static IEnumerable<JsonElement> StepsOf(JsonElement part) =>
        part.GetProperty("type").ValueEquals("Sequence") ? part.GetProperty("pretokenizers").EnumerateArray().SelectMany(StepsOf) : [part];

    private static bool IsByteLevel(JsonElement step, bool usesPattern) =>
        step.GetProperty("type").ValueEquals("ByteLevel")
        && (!step.TryGetProperty("use_regex", out var regex) || regex.GetBoolean()) == usesPattern;

    private static bool AddsPrefixSpace(JsonElement step) => step.TryGetProperty("add_prefix_space", out var prefix) && prefix.GetBoolean();

    /// <summary>
    /// The matches become pre-tokens: "Isolated", or what is not matched is taken away, which is nothing with these patterns.
    /// </summary>
    private static bool KeepsMatches(JsonElement step)
    {
        var isInverted = step.TryGetProperty("invert", out var invert) && invert.GetBoolean();
        return step.GetProperty("type").ValueEquals("Split")
            && step.GetProperty("behavior").GetString() == (isInverted ? "Removed" : "Isolated");
    }
}
