using System.Globalization;
using System.Text.Json;
using PsGpt.Data;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Choices;

/// <summary>
/// HellaSwag's lines of JSON, as llm.c's <c>dev/data/hellaswag.py</c> reads them: <c>ctx</c>, <c>endings</c>, <c>label</c> and perhaps
/// <c>ind</c>. An ending is encoded with a space before it.
/// </summary>
internal static class ChoiceJsonLines
{
    public static IEnumerable<ChoiceExample> Read(string path, Tokenizer tokenizer)
    {
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
                yield return Parse(line, path, number, tokenizer);
        }
    }

    private static ChoiceExample Parse(string line, string path, int number, Tokenizer tokenizer)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            var example = new ChoiceExample
            {
                Index = root.TryGetProperty("ind", out var index) ? NumberOf(index) : number - 1,
                Label = NumberOf(root.GetProperty("label")),
                Context = tokenizer.Encode(TextOf(root.GetProperty("ctx"))),
                Endings = [.. root.GetProperty("endings").EnumerateArray().Select(ending => tokenizer.Encode(" " + TextOf(ending)))],
            };
            return example.FindProblem() is { } problem ? throw Invalid(path, number, problem) : example;
        }
        catch (Exception exception) when (exception is
            JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
        {
            throw Invalid(path, number, "it is no object with a text 'ctx', a list of texts 'endings' and a number 'label'", exception);
        }
    }

    private static string TextOf(JsonElement text) => text.GetString() ?? throw new FormatException();

    /// <summary>A number, which some copies of the data write as a text.</summary>
    private static int NumberOf(JsonElement number) => number.ValueKind == JsonValueKind.String
        ? int.Parse(TextOf(number), CultureInfo.InvariantCulture)
        : number.GetInt32();

    private static GptException Invalid(string path, int number, string problem, Exception? inner = null) => new(
        "ChoiceFileInvalid", GptErrorKind.InvalidData,
        $"Line {number} of '{path}' is no example of multiple choice: {problem}. "
        + "Give HellaSwag's lines of JSON or llm.c's evaluation file.",
        inner);
}
