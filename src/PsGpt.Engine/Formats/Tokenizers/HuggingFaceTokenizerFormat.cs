using System.Text.Json;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Tokenizers;

/// <summary>The <c>tokenizer.json</c> of Hugging Face's tokenizers, by its own path or by that of the model's directory.</summary>
internal sealed class HuggingFaceTokenizerFormat : ITokenizerFormat
{
    private const int StartLength = 4096;

    private static readonly string[] Keys =
    [
        "version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model",
    ];

    public string Name => "huggingface";

    public string Description => "a tokenizer.json of Hugging Face, or the directory that holds it";

    public bool Recognizes(string path) =>
        File.Exists(Path.Combine(path, TokenizerJson.FileName))
        || (FirstValueOf(FileStart.Read(path, StartLength)) is (var key, not JsonTokenType.Number) && Keys.Contains(key));

    public Tokenizer Read(string path, IPreTokenizer? preTokenizer, Action<string> warn)
    {
        if (!Directory.Exists(path))
            return TokenizerJson.Read(SideFile.ReadTokenizer(path), path, settings: null, warn);
        var file = Path.Combine(path, TokenizerJson.FileName);
        return TokenizerJson.Read(SideFile.ReadTokenizer(file), file, TokenizerSettings.Read(new DirectorySource(path)), warn);
    }

    public byte[] Write(Tokenizer tokenizer) => TokenizerJsonWriter.Write(tokenizer);

    public GptException? FindObstacle(Tokenizer tokenizer) =>
        TokenizerJsonWriter.CanHold(tokenizer) ? null : TokenizerJsonWriter.CannotHold(tokenizer);

    /// <summary>
    /// The first key of a JSON object and the type of its value: a <c>tokenizer.json</c> begins with one of its parts, in any order, a
    /// <c>vocab.json</c> with the id of a token.
    /// </summary>
    public static (string? Key, JsonTokenType Type) FirstValueOf(ReadOnlySpan<byte> start)
    {
        try
        {
            var reader = new Utf8JsonReader(SideFile.WithoutMark(start), isFinalBlock: false, state: default);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject || !reader.Read())
                return default;
            var key = reader.TokenType == JsonTokenType.PropertyName ? reader.GetString() : null;
            return key is not null && reader.Read() ? (key, reader.TokenType) : default;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The reader throws InvalidOperationException for text that is not valid UTF-8.
            return default;
        }
    }
}
