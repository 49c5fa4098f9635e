using System.Text;

namespace PsGpt.Unit.Tokenization;

/// <summary>Valid Unicode text with much of what split patterns treat in special ways.</summary>
internal static class RandomText
{
    private static readonly string[] Parts =
    [
        " ", " ", "  ", "\n", "\r\n", "\t", "\u00a0", "\u3000", "'s", "'S", "'re", "'ll", "'", "\u2019t", "the", " of", "Ab", "x", "123", " 7", "\u0663", "\u00bd", "\u2163", "!", "...", " (", "_",
        "caf\u00e9", "e\u0301", "\u0928\u092e\u0938\u094d\u0924\u0947", "\u4e2d\u6587", "\u0645\u0631\u062d\u0628\u0627", "\ud83d\ude00", "\ud83d\udc68\u200d\ud83d\udcbb", "\ud835\udc9c", "\ud835\udfd8", "<|endoftext|>", "\u0000", "\ufeff", "\ufffd",
    ];

    public static string Next(RandomStream random, int partCount)
    {
        var text = new StringBuilder();
        for (var i = 0; i < partCount; i++)
        {
            if (random.NextInt32(8) > 0)
                text.Append(Parts[random.NextInt32(Parts.Length)]);
            else if (Rune.TryCreate(random.NextInt32(0x30000), out var rune))
                text.Append(rune);
        }

        return text.ToString();
    }
}
