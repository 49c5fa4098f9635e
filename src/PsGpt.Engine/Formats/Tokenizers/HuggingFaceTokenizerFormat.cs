using System.Text.Json;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Tokenizers;

/// <summary>The <c>tokenizer.json</c> of Hugging Face's tokenizers, by its own path or by that of the model's directory.</summary>
internal sealed class HuggingFaceTokenizerFormat : ITokenizerFormat
{
    private const int StartLength = 4096;

    public string Name => "huggingface";

    public string Description => "a tokenizer.json of Hugging Face, or the directory that holds it";

    public bool Recognizes(string path) =>
        File.Exists(Path.Combine(path, TokenizerJson.FileName)) || TypeOfFirstValue(FileStart.Read(path, StartLength)) is JsonTokenType.String or JsonTokenType.StartObject;

    public Tokenizer Read(string path, IPreTokenizer? preTokenizer, Action<string> warn)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, TokenizerJson.FileName) : path;
        return TokenizerJson.Read(TokenizerFile.ReadContent(file), file);
    }

    public byte[] Write(Tokenizer tokenizer) => TokenizerJsonWriter.Write(tokenizer);

    /// <summary>What stands first in a JSON object: a <c>tokenizer.json</c> begins with its version, a <c>vocab.json</c> with an id.</summary>
    public static JsonTokenType TypeOfFirstValue(ReadOnlySpan<byte> start)
    {
        try
        {
            var reader = new Utf8JsonReader(SideFile.WithoutMark(start), isFinalBlock: false, state: default);
            for (var i = 0; i < 3; i++)
            {
                if (!reader.Read() || (i == 0 && reader.TokenType != JsonTokenType.StartObject))
                    return JsonTokenType.None;
            }

            return reader.TokenType;
        }
        catch (JsonException)
        {
            return JsonTokenType.None;
        }
    }
}
