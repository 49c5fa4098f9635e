using System.Text.Json;

namespace PsGpt.Hub;

/// <summary>The names of a repository's files; asked for only to say why a model cannot be loaded.</summary>
internal static class RepositoryListing
{
    private static readonly string[] PickleEndings = [".bin", ".pt", ".pth", ".ckpt", ".pkl"];

    public static bool IsPickle(string file) => PickleEndings.Any(ending => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>The names in the hub's order; none where the hub does not tell.</summary>
    public static IReadOnlyList<string> Read(HubConnection connection, HubName name, string revision, CancellationToken cancellationToken)
    {
        try
        {
            using var document = JsonDocument.Parse(connection.GetBytes($"api/models/{name.Repository}/revision/{Uri.EscapeDataString(revision)}", cancellationToken));
            return [.. document.RootElement.GetProperty("siblings").EnumerateArray().Select(file => file.GetProperty("rfilename").GetString()!)];
        }
        catch (Exception exception) when (exception is TransientFailure or GptException or HttpRequestException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return [];
        }
    }
}
