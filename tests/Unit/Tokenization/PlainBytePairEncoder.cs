using System.Text;
using System.Text.RegularExpressions;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Tokenization;

/// <summary>
/// The algorithm as OpenAI's encoder.py has it: a regular expression, then the lowest merge again and again. .NET's expressions
/// see UTF-16 where the original sees code points, so each code point is replaced by a stand-in of its class first.
/// </summary>
internal sealed partial class PlainBytePairEncoder
{
    private readonly Dictionary<(int Left, int Right), int> ranks = [];
    private readonly BytePairTokenizer tokenizer;

    public PlainBytePairEncoder(BytePairTokenizer tokenizer)
    {
        this.tokenizer = tokenizer;
        for (var i = 0; i < tokenizer.Merges.Count; i++)
            ranks[tokenizer.Merges[i]] = 256 + i;
    }

    public int[] Encode(string text)
    {
        var runes = text.EnumerateRunes().ToArray();
        var classes = string.Concat(runes.Select(rune => rune.IsBmp && !char.IsSurrogate((char)rune.Value) ? (char)rune.Value : Rune.IsLetter(rune) ? 'x' : Rune.IsNumber(rune) ? '7' : '#'));
        return [.. Pattern().Matches(classes).SelectMany(match => Merge(string.Concat(runes.Skip(match.Index).Take(match.Length))))];
    }

    private List<int> Merge(string piece)
    {
        var bytes = tokenizer.ByteOrder.ToArray();
        var symbols = Encoding.UTF8.GetBytes(piece).Select(value => Array.IndexOf(bytes, value)).ToList();
        while (true)
        {
            var best = Enumerable.Range(0, symbols.Count - 1)
                .Select(i => (Rank: ranks.GetValueOrDefault((symbols[i], symbols[i + 1]), int.MaxValue), Index: i))
                .DefaultIfEmpty((Rank: int.MaxValue, Index: 0)).Min();
            if (best.Rank == int.MaxValue)
                return symbols;
            symbols[best.Index] = best.Rank;
            symbols.RemoveAt(best.Index + 1);
        }
    }

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Pattern();
}
