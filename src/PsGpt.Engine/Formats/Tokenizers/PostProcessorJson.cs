using System.Text.Json;

namespace PsGpt.Formats.Tokenizers;

/// <summary>
/// The <c>post_processor</c> of a <c>tokenizer.json</c>: it puts tokens in front of a text or behind it.
/// </summary>
internal static class PostProcessorJson
{
    /// <summary>Reports the tokens that a file would put around a text.</summary>
    /// <param name="processor">The part of the file; null where it has none.</param>
    /// <param name="path">What messages call the file.</param>
    /// <param name="warn">Takes the sentence; it is called at most once.</param>
    public static void Report(JsonElement? processor, string path, Action<string> warn)
    {
        var (front, behind) = (new List<string>(), new List<string>());
        if (processor is { } part)
            Find(part, front, behind);
        string[] places =
        [
            .. front.Count > 0 ? [$"{string.Join(" ", front)} in front of each text"] : Array.Empty<string>(),
            .. behind.Count > 0 ? [$"{string.Join(" ", behind)} behind each text"] : Array.Empty<string>(),
        ];
        if (places.Length > 0)
            TokensAroundText.Report(path, string.Join(" and ", places), warn);
    }

    private static void Find(JsonElement processor, List<string> front, List<string> behind)
    {
        switch (processor.GetProperty("type").GetString())
        {
            case "Sequence":
                foreach (var step in processor.GetProperty("processors").EnumerateArray())
                    Find(step, front, behind);
                break;
            case "TemplateProcessing":
                var place = front;
                foreach (var step in processor.GetProperty("single").EnumerateArray())
                {
                    if (step.TryGetProperty("SpecialToken", out var token))
                        place.Add(token.GetProperty("id").GetString()!);
                    else
                        place = behind;
                }

                break;
            case "RobertaProcessing" or "BertProcessing":
                front.Add(processor.GetProperty("cls")[0].GetString()!);
                behind.Add(processor.GetProperty("sep")[0].GetString()!);
                break;
        }
    }
}
