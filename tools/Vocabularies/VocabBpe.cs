using System.Text;

namespace Vocabularies;

/// <summary>Reads OpenAI's <c>vocab.bpe</c> of GPT-2: a line with its version, then a pair of tokens a line.</summary>
internal static class VocabBpe
{
    public static (IReadOnlyList<byte> ByteOrder, IReadOnlyList<(int Left, int Right)> Merges) Read(string path)
    {
        // Bytes are written as printable characters: those that are printable first, in order, then the others as U+0100 and on.
        int[] printable =
            [
                .. Enumerable.Range('!', '~' - '!' + 1), .. Enumerable.Range(0xA1, 0xAC - 0xA1 + 1),
                .. Enumerable.Range(0xAE, 0xFF - 0xAE + 1),
            ];
        byte[] byteOrder = [.. printable.Concat(Enumerable.Range(0, 256).Except(printable)).Select(value => (byte)value)];
        var ids = new Dictionary<string, int>();
        for (var id = 0; id < 256; id++)
            ids.Add(((char)(id < printable.Length ? byteOrder[id] : 256 + id - printable.Length)).ToString(), id);

        var merges = new List<(int Left, int Right)>();
        foreach (var line in File.ReadLines(path, Encoding.UTF8).Skip(1).Where(line => line.Length > 0))
        {
            var pair = line.Split(' ');
            merges.Add((ids[pair[0]], ids[pair[1]]));
            ids.Add(pair[0] + pair[1], 255 + merges.Count);
        }

        return (byteOrder, merges);
    }
}
