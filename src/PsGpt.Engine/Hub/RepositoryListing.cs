using System.Text.Json;

namespace PsGpt.Hub;

/// <summary>The names of a repository's files, which explain why a model cannot be loaded.</summary>
internal static class RepositoryListing
{
    private const int LongestName = 100;

    private static readonly string[] PickleEndings = [".bin", ".pt", ".pth", ".ckpt", ".pkl"];

    public static bool IsPickle(string file) => PickleEndings.Any(ending => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>The names in the hub's order; none if the hub does not list them.</summary>
    public static IReadOnlyList<string> Read(HubConnection connection, HubName name, string revision, CancellationToken cancellationToken)
    {
        try
        {
            using var document = JsonDocument.Parse(connection.GetBytes(
                $"api/models/{name.Repository}/revision/{Uri.EscapeDataString(revision)}?expand=siblings", cancellationToken));
            return
            [
                .. from file in document.RootElement.GetProperty("siblings").EnumerateArray()
                   where file.ValueKind == JsonValueKind.Object
                   let isNamed = file.TryGetProperty("rfilename", out var value) && value.ValueKind == JsonValueKind.String
                   let text = isNamed ? file.GetProperty("rfilename").GetString() : null
                   where !string.IsNullOrEmpty(text)
                   select ForeignText.Shorten(text, LongestName),
            ];
        }
        catch (Exception exception) when (exception is
            TransientFailure or GptException or HttpRequestException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return [];
        }
    }
}
