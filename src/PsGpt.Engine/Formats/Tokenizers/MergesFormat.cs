using System.Text;
using System.Text.Json;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Tokenizers;

/// <summary>
/// GPT-2's pair of files, by the path of either or of their directory: <c>vocab.json</c> and <c>merges.txt</c>, also with a prefix
/// (<c>gpt2-vocab.json</c>), or <c>encoder.json</c> and <c>vocab.bpe</c> as OpenAI named them.
/// </summary>
internal sealed class MergesFormat : ITokenizerFormat
{
    private const int StartLength = 4096;

    public string Name => "merges";

    public string Description => "vocab.json with merges.txt, either of the two or the directory that holds them";

    public bool Recognizes(string path)
    {
        if (Directory.Exists(path))
        {
            return MergesFile.Names.Any(
                pair => File.Exists(Path.Combine(path, pair.Vocabulary)) || File.Exists(Path.Combine(path, pair.Merges)));
        }

        var start = FileStart.Read(path, StartLength);
        return HuggingFaceTokenizerFormat.FirstValueOf(start).Type == JsonTokenType.Number || HoldsMerges(start);
    }

    public Tokenizer Read(string path, IPreTokenizer? preTokenizer, Action<string> warn)
    {
        if (Directory.Exists(path))
            return TokenizerDirectory.ReadPair(new DirectorySource(path), preTokenizer, warn) ?? throw Missing(path);
        var (vocabulary, merges) = FindPair(path) ?? throw Missing(path);
        return MergesFile.Read(
            SideFile.ReadTokenizer(vocabulary), SideFile.ReadTokenizer(merges), merges,
            preTokenizer ?? new Gpt2PreTokenizer(), settings: null, warn);
    }

    public byte[] Write(Tokenizer tokenizer) => throw FindObstacle(tokenizer);

    public GptException FindObstacle(Tokenizer tokenizer) => new("FormatCannotHold", GptErrorKind.NotSupported,
        $"The pair {MergesFile.VocabularyName} and {MergesFile.FileName} is read, but not written. "
        + "Write a tokenizer.json (huggingface), which holds both.");

    private static (string Vocabulary, string Merges)? FindPair(string path)
    {
        foreach (var (vocabulary, merges) in MergesFile.Names)
        {
            var prefix = path.EndsWith(vocabulary, StringComparison.OrdinalIgnoreCase) ? path[..^vocabulary.Length]
                : path.EndsWith(merges, StringComparison.OrdinalIgnoreCase) ? path[..^merges.Length]
                : null;
            if (prefix is not null && File.Exists(prefix + vocabulary) && File.Exists(prefix + merges))
                return (prefix + vocabulary, prefix + merges);
        }

        return null;
    }

    /// <summary>A comment with the version, or a first merge, which is of two bytes.</summary>
    private static bool HoldsMerges(ReadOnlySpan<byte> start)
    {
        var line = Encoding.UTF8.GetString(SideFile.WithoutMark(start)).TrimStart('\r', '\n').Split('\n', '\r')[0];
        return line.StartsWith(MergesFile.Comment, StringComparison.Ordinal) || (line.Length == 3 && line[1] == ' ');
    }

    private static GptException Missing(string path) => new("TokenizerPartMissing", GptErrorKind.NotFound,
        $"'{path}' is half a tokenizer: ids and merges stand in two files, {MergesFile.VocabularyName} and {MergesFile.FileName}. "
        + "Put the other one beside it, with the same prefix where it has one.");
}
