using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace PsGpt.Hub;

/// <summary>Whether a content is the one that an entity tag names.</summary>
internal static partial class BlobHash
{
    private const int PartLength = 1 << 20;

    /// <summary>
    /// Compares the content of a stream with its tag: SHA-256 where the tag has 64 hexadecimal digits, git's SHA-1 of a blob where
    /// it has 40. A tag of any other form is no checksum, and says nothing against the content.
    /// </summary>
    /// <param name="stream">The content, from its start.</param>
    /// <param name="afterPart">Called with the number of bytes that have been read.</param>
    public static bool Matches(Stream stream, string tag, Action<long> afterPart, CancellationToken cancellationToken)
    {
        if (!Checksum().IsMatch(tag))
            return true;
        using var hash = IncrementalHash.CreateHash(tag.Length == 64 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        if (tag.Length == 40)
            hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {stream.Length}\0")));
        var part = new byte[PartLength];
        for (int count; (count = stream.Read(part)) > 0; afterPart(stream.Position))
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(part, 0, count);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset()) == tag;
    }

    [GeneratedRegex(@"^(?:[0-9a-f]{40}|[0-9a-f]{64})\z")]
    private static partial Regex Checksum();
}
