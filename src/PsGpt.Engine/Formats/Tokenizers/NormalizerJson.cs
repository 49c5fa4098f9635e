using System.Text.Json;
using System.Text.Json.Nodes;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Tokenizers;

/// <summary>The <c>normalizer</c> of a <c>tokenizer.json</c>: it changes a text before it is split.</summary>
internal static class NormalizerJson
{
    /// <summary>The normalizer of a file; null where nothing is changed, as by a sequence without steps.</summary>
    /// <param name="normalizer">The part of the file; null where it has none.</param>
    /// <param name="path">What messages call the file.</param>
    /// <exception cref="GptException"><c>TokenizerUnsupported</c>.</exception>
    public static TextNormalizer? Read(JsonElement? normalizer, string path)
    {
        string[] steps = normalizer is { } part ? [.. StepsOf(part)] : [];
        if (steps.FirstOrDefault(step => !TextNormalizer.Names.Contains(step)) is { } unknown)
        {
            throw BytePairVocabularyFile.Unsupported(path, $"its normalizer '{unknown}' changes texts before they are split, and only "
                + $"{string.Join(", ", TextNormalizer.Names)} are known");
        }

        if (steps.Length > 0 && !TextNormalizer.IsAvailable)
        {
            throw BytePairVocabularyFile.Unsupported(path, $"its normalizer '{steps[0]}' needs the tables of Unicode, which are switched "
                + "off in this process (DOTNET_SYSTEM_GLOBALIZATION_INVARIANT)");
        }

        return steps.Length > 0 ? new TextNormalizer(steps) : null;
    }

    /// <summary>The same for a file to be written.</summary>
    public static JsonObject? Write(TextNormalizer? normalizer)
    {
        JsonNode[] steps = [.. normalizer?.Steps.Select(step => new JsonObject { ["type"] = step }) ?? []];
        return steps switch
        {
            [] => null,
            [var only] => (JsonObject)only,
            _ => new JsonObject { ["type"] = "Sequence", ["normalizers"] = new JsonArray(steps) },
        };
    }

    /// <summary>The steps of a sequence, also of sequences within it; anything else is one step.</summary>
    private static IEnumerable<string> StepsOf(JsonElement part) => part.GetProperty("type").GetString() switch
    {
        "Sequence" => part.GetProperty("normalizers").EnumerateArray().SelectMany(StepsOf),
        var type => [type ?? ""],
    };
}
