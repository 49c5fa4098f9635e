using System.Text.Json;
using PsGpt.Tokenization;

namespace Vocabularies;

/// <summary>
/// Reads the encoders of the npm package tiktoken: <c>bpe_ranks</c> holds lines of an exclamation mark, the id of the first
/// token, and the tokens in base64.
/// </summary>
internal static class TiktokenEncoder
{
    public static (IReadOnlyList<byte> ByteOrder, IReadOnlyList<(int Left, int Right)> Merges) Read(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        var tokens = new List<byte[]>();
        foreach (var line in json.RootElement.GetProperty("bpe_ranks").GetString()!.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ');
            if (int.Parse(parts[1]) != tokens.Count)
                throw new InvalidDataException($"'{path}' has a gap before the token {parts[1]}.");
            tokens.AddRange(parts.Skip(2).Select(Convert.FromBase64String));
        }

        // The split does not matter here; only the merges are written.
        var tokenizer = BytePairTokenizer.FromTokens(tokens, new Gpt2PreTokenizer(), new Dictionary<string, int>());
        return (tokenizer.GetByteOrder(), tokenizer.GetMerges());
    }
}
