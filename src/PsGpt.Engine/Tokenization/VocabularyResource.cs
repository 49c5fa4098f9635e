using System.IO.Compression;

namespace PsGpt.Tokenization;

/// <summary>
/// Reads the vocabularies that come with the engine; <c>tools/Vocabularies</c> writes them. A resource is brotli over 256 bytes,
/// the order of the byte tokens, then six planes with one byte of each merge: the left ids' bytes from the lowest to the
/// highest, then the right ids'. Planes pack better than numbers, since only the high bytes repeat.
/// </summary>
internal static class VocabularyResource
{
    private const int PlanesPerId = 3;

    /// <summary>Reads a vocabulary.</summary>
    /// <param name="name">The name of the resource without extension.</param>
    /// <param name="preTokenizer">What cuts texts into pre-tokens.</param>
    /// <param name="specialTokens">The tokens behind the last merge.</param>
    public static BytePairTokenizer Load(string name, IPreTokenizer preTokenizer, IReadOnlyDictionary<string, int> specialTokens)
    {
        using var resource = typeof(VocabularyResource).Assembly.GetManifestResourceStream(name + ".br")!;
        using var content = new MemoryStream();
        using (var brotli = new BrotliStream(resource, CompressionMode.Decompress))
            brotli.CopyTo(content);
        var bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
        var planes = bytes[BytePairVocabulary.ByteCount..];
        var merges = new (int Left, int Right)[planes.Length / (2 * PlanesPerId)];
        for (var i = 0; i < merges.Length; i++)
            merges[i] = (ReadId(planes, merges.Length, i), ReadId(planes[(PlanesPerId * merges.Length)..], merges.Length, i));
        return new BytePairTokenizer(bytes[..BytePairVocabulary.ByteCount].ToArray(), merges, preTokenizer, specialTokens);
    }

    private static int ReadId(ReadOnlySpan<byte> planes, int count, int index) =>
        planes[index] | (planes[count + index] << 8) | (planes[(2 * count) + index] << 16);
}
