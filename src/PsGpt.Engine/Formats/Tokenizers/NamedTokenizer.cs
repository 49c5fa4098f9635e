using System.Text.Json;
using System.Text.Json.Nodes;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Tokenizers;

/// <summary>
/// A tokenizer of a plug-in beside a model: <c>psgpt_tokenizer.json</c> has the name by which it is registered and its number of
/// tokens. The plug-in must be registered when the model is read.
/// </summary>
internal static class NamedTokenizer
{
    public const string FileName = "psgpt_tokenizer.json";

    private const string NameKey = "name";
    private const string SizeKey = "vocabulary_size";

    /// <summary>The file for a tokenizer, or null where no registered plug-in has made it.</summary>
    public static byte[]? Write(Tokenizer tokenizer)
    {
        if (TokenizerCatalog.Registry.All.FirstOrDefault(plugin => plugin.Made(tokenizer)) is not { } plugin)
            return null;
        var file = new JsonObject { [NameKey] = plugin.Name, [SizeKey] = tokenizer.VocabularySize };
        return JsonSerializer.SerializeToUtf8Bytes(file, new JsonSerializerOptions { WriteIndented = true });
    }

    /// <summary>The registered tokenizer that a file names.</summary>
    /// <exception cref="GptException">
    /// <c>TokenizerFileInvalid</c>; <c>TokenizerPluginMissing</c>: it is not registered; <c>TokenizerMismatch</c>: it has another
    /// number of tokens.
    /// </exception>
    public static Tokenizer Read(ReadOnlyMemory<byte> json, string path)
    {
        var (name, size) = Parse(json, path);
        var plugin = TokenizerCatalog.Registry.Find(name) ?? throw new GptException(
            "TokenizerPluginMissing", GptErrorKind.NotFound,
            $"'{path}' names the tokenizer '{name}', which no plug-in has registered. Import the module that brings it, then try again.");
        var tokenizer = plugin.Tokenizer;
        return tokenizer.VocabularySize == size ? tokenizer : throw new GptException(
            "TokenizerMismatch", GptErrorKind.InvalidData,
            $"'{path}' names the tokenizer '{name}' with {size} tokens, but the registered one has {tokenizer.VocabularySize}. "
            + "Import the version of the plug-in that the model was trained with.");
    }

    private static (string Name, int Size) Parse(ReadOnlyMemory<byte> json, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return (document.RootElement.GetProperty(NameKey).GetString()!, document.RootElement.GetProperty(SizeKey).GetInt32());
        }
        catch (Exception exception) when (BytePairVocabularyFile.IsBroken(exception))
        {
            throw BytePairVocabularyFile.Invalid(path, exception);
        }
    }
}
