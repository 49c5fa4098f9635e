using System.Text.RegularExpressions;

namespace PsGpt.Hub;

/// <summary>What the hub says of a file before any of its bytes.</summary>
/// <param name="Commit">The commit that the revision stands for (<c>X-Repo-Commit</c>).</param>
/// <param name="Tag">
/// The entity tag: the SHA-256 of a large file, git's SHA-1 of a small one. It becomes the name of the blob (<c>X-Linked-Etag</c>,
/// or <c>ETag</c>).
/// </param>
/// <param name="Size">The number of bytes (<c>X-Linked-Size</c>, or <c>Content-Length</c>).</param>
internal sealed partial record HubFileHeader(string Commit, string Tag, long Size)
{
    /// <summary>Reads the headers of a response; null where it does not have all of them.</summary>
    public static HubFileHeader? From(HttpResponseMessage response)
    {
        // The length that comes with a redirection is that of its own text.
        var isRedirection = (int)response.StatusCode is >= 300 and < 400;
        var (commit, tag) = (Header(response, "X-Repo-Commit"), Normalize(Header(response, "X-Linked-Etag") ?? Header(response, "ETag")));
        var size = long.TryParse(Header(response, "X-Linked-Size"), out var linked) ? linked
            : isRedirection ? null : response.Content.Headers.ContentLength;

        // Both become names of files: nothing that could lead elsewhere is taken.
        return commit is not null && HubName.IsCommitId(commit) && tag is not null && PlainTag().IsMatch(tag) && size is >= 0
            ? new HubFileHeader(commit, tag, size.Value) : null;
    }

    /// <summary>A header by its name, or null.</summary>
    public static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    /// <summary>A tag without quotes and without the mark of a weak one.</summary>
    private static string? Normalize(string? tag) => (tag?.StartsWith("W/", StringComparison.Ordinal) == true ? tag[2..] : tag)?.Trim('"');

    [GeneratedRegex(@"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}\z")]
    private static partial Regex PlainTag();
}
