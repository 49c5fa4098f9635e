using System.Text;

namespace PsGpt.Data;

/// <summary>How a text file is read.</summary>
public sealed record TextFileOptions
{
    /// <summary>The encoding of a file without a byte order mark; null for UTF-8. NUL characters pass only where it is given.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>
    /// Reads line ends as <c>Get-Content</c> does: CR LF and CR become LF, and the one at the end of the file is left out.
    /// </summary>
    public bool NoCarriageReturn { get; init; }
}
