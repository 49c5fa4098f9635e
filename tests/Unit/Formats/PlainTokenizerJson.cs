using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PsGpt.Unit.Formats;

/// <summary>
/// Encodes by what a tokenizer.json says, as huggingface/tokenizers does it, over the texts of the tokens: the pattern of the file cuts,
/// then the merge that stands first in its list is done again and again. Knows nothing of the product.
/// </summary>
internal sealed class PlainTokenizerJson
{
    // huggingface/tokenizers, pre_tokenizers/byte_level.rs, where the file names no other.
    private const string ByteLevelPattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private readonly Dictionary<(string Left, string Right), int> ranks = [];
    private readonly Dictionary<string, int> ids;
    private readonly Regex pattern;
    private readonly char[] characters = TokenizerFileBuilder.ByteToUnicode();

    public PlainTokenizerJson(byte[] json)
    {
        using var file = JsonDocument.Parse(json);
        var model = file.RootElement.GetProperty("model");
        ids = model.GetProperty("vocab").EnumerateObject().ToDictionary(token => token.Name, token => token.Value.GetInt32());
        foreach (var merge in model.GetProperty("merges").EnumerateArray())
        {
            var parts = merge.GetString()!.Split(' ');
            ranks.Add((parts[0], parts[1]), ranks.Count);
        }

        var split = file.RootElement.GetProperty("pre_tokenizer");
        pattern = new Regex(split.GetProperty("type").GetString() == "ByteLevel" ? ByteLevelPattern : split.GetProperty("pretokenizers")[0]
            .GetProperty("pattern").GetProperty("Regex").GetString()!, RegexOptions.CultureInvariant);
        foreach (var token in file.RootElement.GetProperty("added_tokens").EnumerateArray())
            AddedTokens.Add(token.GetProperty("content").GetString()!, token.GetProperty("id").GetInt32());
    }

    public Dictionary<string, int> AddedTokens { get; } = [];

    public int[] Encode(string text) => [.. pattern.Matches(text).SelectMany(match => Merge(match.Value))];

    private IEnumerable<int> Merge(string piece)
    {
        var symbols = Encoding.UTF8.GetBytes(piece).Select(value => characters[value].ToString()).ToList();
        while (true)
        {
            var best = Enumerable.Range(0, symbols.Count - 1)
                .Select(i => (Rank: ranks.GetValueOrDefault((symbols[i], symbols[i + 1]), int.MaxValue), Index: i))
                .DefaultIfEmpty((Rank: int.MaxValue, Index: 0)).Min();
            if (best.Rank == int.MaxValue)
                return symbols.Select(symbol => ids[symbol]);
            symbols[best.Index] += symbols[best.Index + 1];
            symbols.RemoveAt(best.Index + 1);
        }
    }
}
