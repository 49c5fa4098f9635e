using System.Globalization;
using System.Text;
using PsGpt.Formats.Tokenizers;
using PsGpt.Tokenization;

namespace PsGpt.Sample.Plugin;

/// <summary>A tokenizer format: the characters of a vocabulary as code points, a line each, below a line that names the format.</summary>
public sealed class CodePointFormat : ITokenizerFormat
{
    private const string Header = "sample-code-points";

    /// <inheritdoc/>
    public string Name => Header;

    /// <inheritdoc/>
    public string Description => "The code points of a vocabulary of characters, a line each.";

    /// <inheritdoc/>
    public bool Recognizes(string path) => File.Exists(path) && File.ReadLines(path).FirstOrDefault() == Header;

    /// <inheritdoc/>
    public Tokenizer Read(string path, IPreTokenizer? preTokenizer, Action<string> warn) => new CharacterTokenizer(
        [.. File.ReadLines(path).Skip(1).Select(line => new Rune(int.Parse(line, NumberStyles.HexNumber, CultureInfo.InvariantCulture)))]);

    /// <inheritdoc/>
    public byte[] Write(Tokenizer tokenizer)
    {
        if (tokenizer is not CharacterTokenizer)
        {
            throw new GptException("FormatCannotHold", GptErrorKind.NotSupported,
                $"The format '{Name}' holds vocabularies of characters, and '{tokenizer.Name}' is none. Choose another format.");
        }

        var lines = Enumerable.Range(0, tokenizer.VocabularySize).Select(token => $"{CharacterOf(tokenizer, token).Value:X}");
        return Encoding.ASCII.GetBytes(string.Join('\n', [Header, .. lines]));
    }

    private static Rune CharacterOf(Tokenizer tokenizer, int token)
    {
        Rune.DecodeFromUtf8(tokenizer.GetSpan(token), out var character, out _);
        return character;
    }
}
