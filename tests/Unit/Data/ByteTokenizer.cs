using PsGpt.Tokenization;

namespace PsGpt.Unit.Data;

/// <summary>The simplest tokenizer there is, for tests that need just any: a token is a byte of the UTF-8 text.</summary>
internal sealed class ByteTokenizer(string name = "bytes", int? endOfTextToken = null, int vocabularySize = 256) : Tokenizer
{
    private static readonly byte[] AllBytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

    /// <summary>Told each token that is turned into bytes, so that a test can stop there.</summary>
    public Action<int>? Reading { get; set; }

    public override string Name => name;

    public override int VocabularySize => vocabularySize;

    public override int? EndOfTextToken => endOfTextToken;

    public override ReadOnlySpan<byte> GetSpan(int token)
    {
        Reading?.Invoke(token);
        return AllBytes.AsSpan(token, 1);
    }

    public override int Encode(ReadOnlySpan<char> text, bool isEnd, List<int> tokens)
    {
        foreach (var value in System.Text.Encoding.UTF8.GetBytes(text.ToString()))
            tokens.Add(value);
        return text.Length;
    }
}
