using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Tokenization;

/// <summary>
/// The algorithm as OpenAI's encoder.py has it: a regular expression, then the lowest merge again and again. .NET's expressions
/// see UTF-16 where the original sees code points, so each code point of two chars is replaced by a stand-in of its class first.
/// </summary>
internal sealed class PlainBytePairEncoder
{
    /// <summary>tiktoken's patterns; (?i:) is written out, since .NET does not fold the long s as Unicode does.</summary>
    private static readonly Dictionary<string, string> Patterns = new()
    {
        ["gpt2"] = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
        ["cl100k_base"] =
            $@"{Contraction}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        ["o200k_base"] =
            $@"[^\r\n\p{{L}}\p{{N}}]?{Upper}*{Lower}+{Contraction}?|[^\r\n\p{{L}}\p{{N}}]?{Upper}+{Lower}*{Contraction}?"
            + @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    };

    private const string Contraction = "(?:'[sS\u017F]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";
    private const string Upper = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]";
    private const string Lower = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";

    private readonly Dictionary<(int Left, int Right), int> ranks = [];
    private readonly BytePairTokenizer tokenizer;
    private readonly Regex pattern;

    public PlainBytePairEncoder(BytePairTokenizer tokenizer)
    {
        this.tokenizer = tokenizer;
        pattern = new Regex(Patterns[tokenizer.PreTokenizer.Name], RegexOptions.CultureInvariant);
        for (var i = 0; i < tokenizer.Merges.Count; i++)
            ranks[tokenizer.Merges[i]] = 256 + i;
    }

    public int[] Encode(string text)
    {
        var runes = text.EnumerateRunes().ToArray();
        var classes = string.Concat(runes.Select(StandIn));
        return [.. pattern.Matches(classes).SelectMany(match => Merge(string.Concat(runes.Skip(match.Index).Take(match.Length))))];
    }

    private static char StandIn(Rune rune) => rune.IsBmp ? (char)rune.Value : Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter => 'X',
        UnicodeCategory.LowercaseLetter => 'x',
        UnicodeCategory.ModifierLetter => '\u02b0',
        UnicodeCategory.OtherLetter => '\u4e2d',
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => '\u0301',
        _ => Rune.IsNumber(rune) ? '7' : '#',
    };

    private List<int> Merge(string preToken)
    {
        var bytes = tokenizer.ByteOrder.ToArray();
        var symbols = Encoding.UTF8.GetBytes(preToken).Select(value => Array.IndexOf(bytes, value)).ToList();
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
}
