using System.Text.Json;

namespace PsGpt.Hub;

/// <summary>The models in the cache of the hub that this engine can read.</summary>
public static class CachedModels
{
    private const string Prefix = "models--";

    /// <summary>Their names, such as <c>owner/name</c>; none where there is no cache, or none that can be read.</summary>
    public static IReadOnlyList<string> Find(HubSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        try
        {
            return [.. new DirectoryInfo(settings.CacheFolder).EnumerateDirectories($"{Prefix}*").Where(HoldsGpt2).Select(NameOf).Order(StringComparer.OrdinalIgnoreCase)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string NameOf(DirectoryInfo repository) => repository.Name[Prefix.Length..].Replace("--", "/", StringComparison.Ordinal);

    private static bool HoldsGpt2(DirectoryInfo repository)
    {
        var snapshots = new DirectoryInfo(Path.Combine(repository.FullName, "snapshots"));
        return snapshots.Exists && snapshots.EnumerateDirectories().Any(snapshot =>
            snapshot.EnumerateFiles("model*.safetensors").Any() && IsGpt2(Path.Combine(snapshot.FullName, "config.json")));
    }

    private static bool IsGpt2(string configurationPath)
    {
        try
        {
            using var file = File.OpenRead(configurationPath);
            using var document = JsonDocument.Parse(file);
            return document.RootElement.GetProperty("model_type").ValueEquals("gpt2");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return false;
        }
    }
}
