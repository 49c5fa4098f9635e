using System.Text.Json;
using System.Text.Json.Serialization;

namespace PsGpt.Checkpoints;

/// <summary>How a checkpoint stores what is no tensor: readable, and exact to the last bit.</summary>
internal static class CheckpointJson
{
    // A loss may be infinite, a norm may be unlimited; what can be computed from the rest is left out.
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        IgnoreReadOnlyProperties = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <summary>Reads a record, also as version 1 wrote it.</summary>
    /// <exception cref="JsonException">The text is no such record.</exception>
    public static T ReadWithFormerNames<T>(ReadOnlySpan<byte> json) =>
        FormerState.Replace(json).Deserialize<T>(Options) ?? throw new JsonException("It is null.");

    /// <exception cref="JsonException">The text is no such value.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("It is null.");

    /// <summary>The properties in which two records differ, by their names, with both values as they are stored.</summary>
    public static IEnumerable<(string Name, string Stored, string Given)> Differences<T>(T stored, T given)
    {
        var (left, right) = (JsonSerializer.SerializeToElement(stored, Options), JsonSerializer.SerializeToElement(given, Options));
        return Differences(left, right);
    }

    private static IEnumerable<(string Name, string Stored, string Given)> Differences(JsonElement stored, JsonElement given) =>
        from property in stored.EnumerateObject()
        let other = given.GetProperty(property.Name)
        where !JsonElement.DeepEquals(property.Value, other)
        from difference in property.Value.ValueKind == JsonValueKind.Object && other.ValueKind == JsonValueKind.Object
            ? Differences(property.Value, other)
            : [(property.Name, property.Value.GetRawText(), other.GetRawText())]
        select difference;
}
