using System.Text;
using PsGpt.Tokenization;

namespace PsGpt.Sample.Plugin;

/// <summary>A tokenizer: each byte of UTF-8 is a token, and 256 separates texts.</summary>
public sealed class ByteTokenizer : TokenizerPlugin
{
    /// <summary>The tokenizer itself is made when it is first used.</summary>
    public ByteTokenizer()
        : base("sample-bytes", "The bytes of UTF-8.", () => new Bytes())
    {
    }

    private sealed class Bytes : Tokenizer
    {
        private const int Separator = 256;

        private static readonly byte[] All = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

        public override string Name => "sample-bytes";

        public override int VocabularySize => 257;

        public override int? EndOfTextToken => Separator;

        public override ReadOnlySpan<byte> GetSpan(int token) => token == Separator ? "<|end|>"u8 : All.AsSpan(token, 1);

        public override int Encode(ReadOnlySpan<char> text, bool isEnd, List<int> tokens)
        {
            // Half a character at the end waits for its other half.
            var length = !isEnd && text.Length > 0 && char.IsHighSurrogate(text[^1]) ? text.Length - 1 : text.Length;
            foreach (var value in Encoding.UTF8.GetBytes(text[..length].ToArray()))
                tokens.Add(value);
            return length;
        }
    }
}
