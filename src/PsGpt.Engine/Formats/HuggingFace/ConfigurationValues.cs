using System.Globalization;
using System.Text.Json;

namespace PsGpt.Formats.HuggingFace;

/// <summary>The values of <c>config.json</c>, each under GPT-2's name or one that other versions use for it.</summary>
/// <param name="file">The object.</param>
/// <param name="path">What error messages call the file.</param>
internal sealed class ConfigurationValues(JsonElement file, string path)
{
    // Other names of a key, in the order in which they are looked for.
    private static readonly Dictionary<string, string[]> OtherNames = new()
    {
        ["n_positions"] = ["max_position_embeddings", "n_ctx", "block_size"],
        ["n_embd"] = ["hidden_size"],
        ["n_layer"] = ["num_hidden_layers"],
        ["n_head"] = ["num_attention_heads"],
        ["n_inner"] = ["intermediate_size"],
        ["activation_function"] = ["hidden_act"],
        ["layer_norm_epsilon"] = ["layer_norm_eps"],
        ["resid_pdrop"] = ["dropout"],
    };

    /// <summary>The values of a file.</summary>
    /// <exception cref="JsonException">It is no object.</exception>
    public static ConfigurationValues Of(JsonElement file, string path) => file.ValueKind == JsonValueKind.Object
        ? new(file, path)
        : throw new JsonException($"It is JSON, but no object with keys: {file.ValueKind}.");

    /// <summary>Whether the file has a key of that very name, with a value.</summary>
    public bool Has(string key) => file.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>The name under which the file has a key; the key itself where it has none.</summary>
    public string NameOf(string key) => OtherNames.GetValueOrDefault(key, []).Prepend(key).FirstOrDefault(Has) ?? key;

    /// <summary>A whole number.</summary>
    /// <exception cref="GptException"><c>ConfigurationFileInvalid</c>: it is missing or none.</exception>
    public int Integer(string key) => FindInteger(key) ?? throw Missing(key);

    /// <summary>A whole number, or null where it is missing.</summary>
    /// <exception cref="GptException"><c>ConfigurationFileInvalid</c>: it is none.</exception>
    public int? FindInteger(string key)
    {
        if (Find(key) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Number)
            throw Wrong(key, value, "a whole number");

        // Some programs write 12.0 for 12.
        return value.TryGetInt32(out var number) ? number
            : value.TryGetDouble(out var real) && real == (int)real ? (int)real
            : throw Wrong(key, value, "a whole number");
    }

    /// <summary>A number, or a default where it is missing.</summary>
    /// <exception cref="GptException"><c>ConfigurationFileInvalid</c>: it is none.</exception>
    public float Single(string key, float otherwise)
    {
        if (!file.TryGetProperty(NameOf(key), out var value))
            return otherwise;
        return value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out var number) && float.IsFinite(number)
            ? number
            : throw Wrong(key, value, string.Create(CultureInfo.InvariantCulture, $"a number, usually {otherwise}"));
    }

    /// <summary>A text, or null where it is missing.</summary>
    /// <exception cref="GptException"><c>ConfigurationFileInvalid</c>: it is none.</exception>
    public string? Text(string key)
    {
        if (Find(key) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(key, value, "a text");
    }

    /// <summary>A truth value, or null where it is missing.</summary>
    /// <exception cref="GptException"><c>ConfigurationFileInvalid</c>: it is none.</exception>
    public bool? Boolean(string key)
    {
        if (Find(key) is not { } value)
            return null;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(key, value, "true or false");
    }

    private JsonElement? Find(string key) =>
        file.TryGetProperty(NameOf(key), out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private GptException Missing(string key)
    {
        var names = string.Join(" or ", OtherNames.GetValueOrDefault(key, []).Prepend(key));
        return Invalid(file.TryGetProperty(key, out _) ? $"{key} is null." : $"it lacks {names}.");
    }

    private GptException Wrong(string key, JsonElement value, string expected) =>
        Invalid($"{NameOf(key)} is {value.GetRawText()}, and it must be {expected}.");

    private GptException Invalid(string problem) => new("ConfigurationFileInvalid", GptErrorKind.InvalidData,
        $"'{path}' does not describe a model that can be made: {problem} It needs vocab_size, n_positions, n_embd, n_layer and n_head.");
}
