using System.Text;

namespace PsGpt.Unit.Tokenization;

/// <summary>Valid Unicode text with much of what split patterns treat in special ways.</summary>
internal static class RandomText
{
    private static readonly string[] Parts =
    [
        " ", " ", "  ", "\n", "\r\n", "\t", "\u0085", "\u00a0", "\u1680", "\u180e", "\u200b", "\u2028", "\u3000",
        "'s", "'S", "'re", "'LL", "'\u017f", "'", "\u2019t", "the", " of", "Ab", "ABC", "aB", "x", "\u01c5", "\u02b0", "\u00aa",
        "123", " 7", "\u0663", "\u00bd", "\u2163", "!", "...", " (", "_", "/", "\n/", "<|endoftext|>", "\u0000", "\ufeff", "\ufffd",
        "caf\u00e9", "e\u0301", "\u0301", "\u0903", "\u20dd", "\u0928\u092e\u0938\u094d\u0924\u0947", "\u4e2d\u6587",
            "\u0645\u0631\u062d\u0628\u0627",
        "\ud83d\ude00", "\ud83d\udc68\u200d\ud83d\udcbb", "\ud835\udc9c", "\ud835\udcb6", "\ud835\udfd8", "\ud804\udc7f",
    ];

    public static string Next(RandomStream random, int partCount)
    {
        var text = new StringBuilder();
        for (var i = 0; i < partCount; i++)
        {
            if (random.NextInt32(8) > 0)
                text.Append(Parts[random.NextInt32(Parts.Length)]);
            else if (Rune.TryCreate(random.NextInt32(random.NextInt32(3) > 0 ? 0x3000 : 0x110000), out var rune))
                text.Append(rune);
        }

        return text.ToString();
    }
}
