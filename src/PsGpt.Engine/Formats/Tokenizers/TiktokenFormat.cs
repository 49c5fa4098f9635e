using System.Buffers;
using System.Buffers.Text;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Tokenizers;

/// <summary>
/// OpenAI's <c>.tiktoken</c> files (openai/tiktoken, <c>load.py</c>): a line per token, its bytes in base64, a space, its rank. They
/// say neither how texts are split nor which special tokens there are; a vocabulary that is built in is known again.
/// </summary>
internal sealed class TiktokenFormat : ITokenizerFormat
{
    private const int StartLength = 1024;

    // By their size, so that none is unpacked in vain.
    private static readonly (int Count, string Name)[] BuiltIn = [(50256, "gpt2"), (100256, "cl100k_base"), (199998, "o200k_base")];

    public string Name => "tiktoken";

    public string Description => "a .tiktoken file of OpenAI, a token in base64 and its rank per line";

    public bool Recognizes(string path)
    {
        var start = SideFile.WithoutMark(FileStart.Read(path, StartLength)).TrimStart(" \t\r\n"u8);
        return TryReadLine(NextLine(ref start), out _, out _);
    }

    public Tokenizer Read(string path, IPreTokenizer? preTokenizer, Action<string> warn)
    {
        var (tokens, specialTokens) = ReadTokens(SideFile.ReadTokenizer(path), path);
        if (specialTokens.Count == 0 && FindBuiltIn(tokens) is { } builtIn
            && (preTokenizer is null || preTokenizer.Name == builtIn.PreTokenizer.Name))
            return builtIn;
        if (preTokenizer is null)
        {
            warn($"'{path}' does not say how texts are split, and its tokens are those of no vocabulary that is built in: "
                + "the pre-tokenizer of GPT-2 is taken. Name another where that is wrong.");
        }

        return BytePairTokenizer.FromTokens(tokens, preTokenizer ?? new Gpt2PreTokenizer(), specialTokens);
    }

    public byte[] Write(Tokenizer tokenizer) => throw FindObstacle(tokenizer);

    public GptException FindObstacle(Tokenizer tokenizer) => new("FormatCannotHold", GptErrorKind.NotSupported,
        "A .tiktoken file is read, but not written: it has no room for the split and the special tokens. "
        + "Write a tokenizer.json (huggingface), which holds all.");

    private static (byte[][] Tokens, Dictionary<string, int> SpecialTokens) ReadTokens(ReadOnlySpan<byte> content, string path)
    {
        var lines = new List<(int Rank, byte[] Token)>();
        while (!content.IsEmpty)
        {
            var line = NextLine(ref content);
            if (line.Trim(" \t"u8).IsEmpty)
                continue;
            if (!TryReadLine(line, out var token, out var rank))
                throw Invalid(path, $"its line {lines.Count + 1} is not a token in base64, a space and a rank");
            lines.Add((rank, token));
        }

        lines.Sort((left, right) => left.Rank.CompareTo(right.Rank));

        // p50k_base leaves one rank out, that of its end of text.
        var gap = lines.Count;
        for (var i = 0; i < lines.Count; i++)
        {
            if (gap == lines.Count && i >= BytePairVocabulary.ByteCount && lines[i].Rank == i + 1)
                gap = i;
            if (lines[i].Rank != (i < gap ? i : i + 1))
                throw Invalid(path, $"its ranks are not 0 to {lines.Count - 1}, each once");
        }

        return ([.. lines.Select(line => line.Token)], gap < lines.Count ? new() { [BytePairTokenizer.EndOfText] = gap } : []);
    }

    private static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\n');
        var line = end < 0 ? text : text[..end];
        text = end < 0 ? [] : text[(end + 1)..];
        return line.TrimEnd((byte)'\r');
    }

    private static bool TryReadLine(ReadOnlySpan<byte> line, out byte[] token, out int rank)
    {
        (token, rank) = ([], 0);
        var space = line.IndexOf((byte)' ');
        if (space <= 0 || !Utf8Parser.TryParse(line[(space + 1)..], out rank, out var digits) || digits != line.Length - space - 1
            || rank < 0)
            return false;
        Span<byte> bytes = space <= 1024 ? stackalloc byte[1024] : new byte[space];
        if (Base64.DecodeFromUtf8(line[..space], bytes, out _, out var count) != OperationStatus.Done || count == 0)
            return false;
        token = bytes[..count].ToArray();
        return true;
    }

    private static BytePairTokenizer? FindBuiltIn(byte[][] tokens)
    {
        var name = BuiltIn.FirstOrDefault(vocabulary => vocabulary.Count == tokens.Length).Name;
        var known = name is null ? null : (BytePairTokenizer)TokenizerCatalog.Registry.Get(name).Tokenizer;
        for (var id = 0; known is not null && id < tokens.Length; id++)
        {
            if (!known.GetSpan(id).SequenceEqual(tokens[id]))
                return null;
        }

        return known;
    }

    private static GptException Invalid(string path, string problem) => new("TokenizerFileInvalid", GptErrorKind.InvalidData,
        $"'{path}' is not a whole .tiktoken file: {problem}. Get it again from where it came from.");
}
