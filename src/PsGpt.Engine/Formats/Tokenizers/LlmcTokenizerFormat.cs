using System.Buffers.Binary;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Tokenizers;

/// <summary>
/// The <c>gpt2_tokenizer.bin</c> of karpathy/llm.c (<c>train_gpt2.py</c>, <c>write_tokenizer</c>): 256 little-endian int32, then each
/// token as its length, a byte, and its bytes. It holds no merges, but a token's id is its rank: they are found again, and texts
/// get GPT-2's own ids, not those of the longest match.
/// </summary>
internal sealed class LlmcTokenizerFormat : ITokenizerFormat
{
    private const int HeaderLength = 1024;
    private const int Magic = 20240328;
    private const int Gpt2Size = 50257;

    /// <summary>The name of the format.</summary>
    public const string FormatName = "llm.c";

    public string Name => FormatName;

    public string Description => "the gpt2_tokenizer.bin of llm.c, versions 1 and 2";

    public bool Recognizes(string path) =>
        FileStart.Read(path, 4) is { Length: 4 } start && BinaryPrimitives.ReadInt32LittleEndian(start) == Magic;

    public Tokenizer Read(string path, IPreTokenizer? preTokenizer, Action<string> warn)
    {
        ReadOnlySpan<byte> content = SideFile.ReadTokenizer(path);
        if (content.Length < HeaderLength)
            throw Invalid(path, $"it has {content.Length} bytes, and the header alone {HeaderLength}");
        var (count, endOfText) = ReadHeader(content, path);
        var tokens = ReadTokens(content[HeaderLength..], count, path);
        if (!tokens[endOfText].AsSpan().SequenceEqual("<|endoftext|>"u8))
            throw Invalid(path, $"its token {endOfText} is not the end of text that the header says it is");
        tokens.RemoveAt(endOfText);
        var special = new Dictionary<string, int> { [BytePairTokenizer.EndOfText] = endOfText };
        return TokenizerCatalog.Share(BytePairTokenizer.FromTokens(tokens, preTokenizer ?? new Gpt2PreTokenizer(), special));
    }

    /// <summary>Version 2.</summary>
    public byte[] Write(Tokenizer tokenizer)
    {
        if (FindObstacle(tokenizer) is { } obstacle)
            throw obstacle;
        using var content = new MemoryStream();
        Span<byte> header = stackalloc byte[HeaderLength];
        header.Clear();
        int[] fields = [Magic, 2, tokenizer.VocabularySize, tokenizer.EndOfTextToken!.Value];
        for (var i = 0; i < fields.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(header[(4 * i)..], fields[i]);
        content.Write(header);
        for (var id = 0; id < tokenizer.VocabularySize; id++)
        {
            var token = tokenizer.GetSpan(id);
            content.WriteByte((byte)token.Length);
            content.Write(token);
        }

        return content.ToArray();
    }

    public GptException? FindObstacle(Tokenizer tokenizer)
    {
        if (tokenizer is not BytePairTokenizer { PreTokenizer: Gpt2PreTokenizer } bytePairs
            || bytePairs.GetAddedTokens() is not [var end]
            || end.Text != BytePairTokenizer.EndOfText || end.Id != tokenizer.EndOfTextToken)
            return CannotHold(tokenizer, "it takes byte pairs with GPT-2's split and the end of text as the only special token");
        if (bytePairs.Normalizer is not null || bytePairs.AddsPrefixSpace || bytePairs.HasOwnOrder)
            return CannotHold(tokenizer, "it has no room for a normalizer, a prefix space or ids that do not follow from the merges");
        if (bytePairs.VocabularySize != BytePairVocabulary.ByteCount + bytePairs.Merges.Count + 1)
            return CannotHold(tokenizer, "each of its ids needs a token");
        for (var id = 0; id < tokenizer.VocabularySize; id++)
        {
            if (tokenizer.GetSpan(id).Length is > byte.MaxValue and var length)
                return CannotHold(tokenizer, $"a token has at most {byte.MaxValue} bytes, and token {id} has {length}");
        }

        return null;
    }

    private static (int Count, int EndOfText) ReadHeader(ReadOnlySpan<byte> content, string path)
    {
        var fields = new int[4];
        for (var i = 0; i < fields.Length; i++)
            fields[i] = BinaryPrimitives.ReadInt32LittleEndian(content[(4 * i)..]);
        var (magic, version, count) = (fields[0], fields[1], fields[2]);
        if (magic != Magic)
            throw Invalid(path, $"it does not begin with {Magic}");
        if (version is not (1 or 2))
        {
            throw new GptException("TokenizerUnsupported", GptErrorKind.NotSupported,
                $"'{path}' is a tokenizer of llm.c of version {version}; versions 1 and 2 can be read. "
                + "Write it again with a current train_gpt2.py.");
        }

        // Version 1 is GPT-2's and nothing else, and llm.c takes its end of text for granted.
        var endOfText = version == 1 ? Gpt2Size - 1 : fields[3];
        if ((version == 1 && count != Gpt2Size) || endOfText < 0 || endOfText >= count)
            throw Invalid(path, $"its header tells of {count} tokens and of {endOfText} as the end of text");
        return (count, endOfText);
    }

    private static List<byte[]> ReadTokens(ReadOnlySpan<byte> content, int count, string path)
    {
        // A token has two bytes at least: a broken header must not cost the memory that it claims.
        var tokens = new List<byte[]>(Math.Min(count, content.Length / 2));
        while (tokens.Count < count)
        {
            if (content.IsEmpty || content[0] >= content.Length)
                throw Invalid(path, $"it ends within token {tokens.Count} of {count}");
            tokens.Add(content.Slice(1, content[0]).ToArray());
            content = content[(1 + content[0])..];
        }

        return content.IsEmpty ? tokens : throw Invalid(path, $"{content.Length} bytes follow the last of its {count} tokens");
    }

    private static GptException CannotHold(Tokenizer tokenizer, string problem) => new("FormatCannotHold", GptErrorKind.NotSupported,
        $"A tokenizer of llm.c cannot hold '{tokenizer.Name}': {problem}. Write a tokenizer.json (huggingface) instead.");

    private static GptException Invalid(string path, string problem) => new("TokenizerFileInvalid", GptErrorKind.InvalidData,
        $"'{path}' is not a whole tokenizer of llm.c: {problem}. Get it again from where it came from.");
}
