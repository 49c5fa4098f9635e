using System.IO.Compression;
using System.Runtime.InteropServices;

namespace PsGpt.Tokenization;

/// <summary>
/// Reads the vocabularies that come with the engine. A resource is brotli over 256 bytes, the order of the byte tokens, then
/// the left ids of all merges, then the right ids, as little-endian uint16; <c>tools/Vocabularies</c> writes them.
/// </summary>
internal static class VocabularyResource
{
    public static Tokenizer LoadGpt2()
    {
        using var resource = typeof(VocabularyResource).Assembly.GetManifestResourceStream("gpt2.br")!;
        using var content = new MemoryStream();
        using (var brotli = new BrotliStream(resource, CompressionMode.Decompress))
            brotli.CopyTo(content);
        var bytes = content.ToArray();
        var ids = MemoryMarshal.Cast<byte, ushort>(bytes.AsSpan(256));
        var merges = new (int Left, int Right)[ids.Length / 2];
        for (var i = 0; i < merges.Length; i++)
            merges[i] = (ids[i], ids[merges.Length + i]);
        return new BytePairTokenizer(bytes[..256], merges, new Gpt2Splitter(), endOfText: true, "gpt2");
    }
}
