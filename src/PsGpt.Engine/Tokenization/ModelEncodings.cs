namespace PsGpt.Tokenization;

/// <summary>The encodings of OpenAI's models, by the beginnings of their names (openai/tiktoken, <c>model.py</c>).</summary>
internal static class ModelEncodings
{
    // The first that fits counts, so that longer beginnings come first.
    private static readonly (string Beginning, string Encoding)[] Known =
    [
        ("gpt-oss", "o200k_harmony"),
        ("gpt-4o", "o200k_base"),
        ("gpt-4.1", "o200k_base"),
        ("gpt-4.5", "o200k_base"),
        ("gpt-5", "o200k_base"),
        ("chatgpt-4o", "o200k_base"),
        ("o1", "o200k_base"),
        ("o3", "o200k_base"),
        ("o4-mini", "o200k_base"),
        ("gpt-4", "cl100k_base"),
        ("gpt-3.5", "cl100k_base"),
        ("gpt-35-turbo", "cl100k_base"),
        ("text-embedding-ada-002", "cl100k_base"),
        ("text-embedding-3", "cl100k_base"),
        ("davinci-002", "cl100k_base"),
        ("babbage-002", "cl100k_base"),
        ("text-davinci-edit-001", "p50k_edit"),
        ("code-davinci-edit-001", "p50k_edit"),
        ("text-davinci-003", "p50k_base"),
        ("text-davinci-002", "p50k_base"),
        ("code-davinci-00", "p50k_base"),
        ("code-cushman-00", "p50k_base"),
        ("davinci-codex", "p50k_base"),
        ("cushman-codex", "p50k_base"),
        ("text-davinci-001", "r50k_base"),
        ("text-curie-001", "r50k_base"),
        ("text-babbage-001", "r50k_base"),
        ("text-ada-001", "r50k_base"),
        ("text-similarity-", "r50k_base"),
        ("text-search-", "r50k_base"),
        ("code-search-", "r50k_base"),
        ("davinci", "r50k_base"),
        ("curie", "r50k_base"),
        ("babbage", "r50k_base"),
        ("ada", "r50k_base"),
        ("gpt-2", "gpt2"),
    ];

    // The name of a fine-tuned model continues with that of its base: ft:gpt-4o-mini:organization.
    private const string FineTuned = "ft:";

    /// <summary>The name of the encoding of a model, such as <c>gpt-4o-mini-2024-07-18</c>, or null where the model is not known.</summary>
    public static string? Find(string model)
    {
        if (model.StartsWith(FineTuned, StringComparison.OrdinalIgnoreCase))
            model = model[FineTuned.Length..].Split(':')[0];
        return Known.FirstOrDefault(known => IsOf(model, known.Beginning)).Encoding;
    }

    /// <summary>A name, or a name that is followed by a version.</summary>
    private static bool IsOf(string model, string beginning) =>
        model.StartsWith(beginning, StringComparison.OrdinalIgnoreCase)
        && (model.Length == beginning.Length || beginning[^1] is '-' or '0' || model[beginning.Length] is '-' or '.');
}
