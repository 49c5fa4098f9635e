using System.Text.Json;
using System.Text.Json.Nodes;
using PsGpt.Formats.Tokenizers;
using PsGpt.Tokenization;

namespace PsGpt.Formats.HuggingFace;

/// <summary>The tokenizer of a model's directory, with the tokens that end a text there.</summary>
internal static class HuggingFaceTokenizer
{
    /// <summary>The name of the file that says how texts are generated, and which tokens end them.</summary>
    public const string GenerationName = "generation_config.json";

    private const string EndOfTextKey = "eos_token_id";

    /// <summary>Reads the tokenizer: GPT-2's where a model of its size brings none, null where another brings none.</summary>
    /// <param name="files">The directory.</param>
    /// <param name="vocabularySize">The rows of the model.</param>
    /// <param name="warn">Takes what was assumed.</param>
    /// <exception cref="GptException">
    /// <c>TokenizerFileInvalid</c>, <c>TokenizerUnsupported</c>, <c>VocabularyInvalid</c>, <c>FileTooLarge</c>.
    /// </exception>
    public static Tokenizer? Read(IFileSource files, int vocabularySize, Action<string> warn) =>
        files.Has(NamedTokenizer.FileName)
            ? NamedTokenizer.Read(SideFile.Read(files, NamedTokenizer.FileName), files.Describe(NamedTokenizer.FileName))
            : TokenizerDirectory.Read(files, preTokenizer: null, warn)
                ?? ProposedTokenizer.Find($"There is no '{files.Describe(TokenizerJson.FileName)}'.", vocabularySize, warn);

    /// <summary>The ids that end a text, by the file of how texts are generated, else by that of the model; else none.</summary>
    /// <param name="files">The directory.</param>
    /// <param name="configuration">The content of <c>config.json</c>, or null.</param>
    public static int[] ReadEndOfText(IFileSource files, byte[]? configuration)
    {
        var generation = files.Has(GenerationName) ? ReadEndOfText(SideFile.Read(files, GenerationName)) : [];
        return generation.Length > 0 || configuration is null ? generation : ReadEndOfText(configuration);
    }

    /// <summary>Requires that a directory can hold the tokenizer: its vocabulary, or the name of a plug-in.</summary>
    /// <exception cref="GptException"><c>FormatCannotHold</c>: no file can describe the tokenizer, and it has no name.</exception>
    public static void Require(Tokenizer tokenizer)
    {
        if (!TokenizerJsonWriter.CanHold(tokenizer) && NamedTokenizer.Write(tokenizer) is null)
            throw TokenizerJsonWriter.CannotHold(tokenizer);
    }

    /// <summary>
    /// Writes the files that transformers need to load the tokenizer unchanged, or the name of a tokenizer of a plug-in.
    /// </summary>
    /// <exception cref="GptException"><c>FormatCannotHold</c>, as <see cref="Require"/>.</exception>
    public static void Write(Tokenizer tokenizer, IFileTarget target, int contextLength)
    {
        Require(tokenizer);
        if (!TokenizerJsonWriter.CanHold(tokenizer))
        {
            SideFile.Write(target, NamedTokenizer.FileName, () => NamedTokenizer.Write(tokenizer)!);
            return;
        }

        SideFile.Write(target, TokenizerJson.FileName, () => TokenizerJsonWriter.Write(tokenizer));
        SideFile.Write(target, TokenizerSettings.FileName, () => Settings(tokenizer, contextLength));
    }

    /// <summary>
    /// Without this file, transformers take GPT-2's own class for any tokenizer of a model of this type, and characters get tokens that the
    /// model does not have.
    /// </summary>
    private static byte[] Settings(Tokenizer tokenizer, int contextLength)
    {
        var settings = new JsonObject
        {
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["clean_up_tokenization_spaces"] = false,
            ["model_max_length"] = contextLength,
        };
        if (tokenizer.EndOfTextToken is { } end)
        {
            var text = tokenizer.GetAddedTokens().FirstOrDefault(token => token.Id == end)?.Text ?? tokenizer.Decode([end]);
            (settings["bos_token"], settings["eos_token"]) = (text, text);
        }

        if (tokenizer.AddsPrefixSpace)
            settings["add_prefix_space"] = true;
        return JsonSerializer.SerializeToUtf8Bytes(settings, new JsonSerializerOptions { WriteIndented = true });
    }

    /// <summary>The ids that end a text, a number or a list of them; none where the file does not say it.</summary>
    private static int[] ReadEndOfText(byte[] json)
    {
        try
        {
            var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            using var document = JsonDocument.Parse(json, options);
            if (!document.RootElement.TryGetProperty(EndOfTextKey, out var end))
                return [];
            return end.ValueKind switch
            {
                JsonValueKind.Number => [end.GetInt32()],
                JsonValueKind.Array => [.. end.EnumerateArray().Select(id => id.GetInt32())],
                _ => [],
            };
        }
        catch (Exception exception) when (BytePairVocabularyFile.IsBroken(exception))
        {
            // The file is refused where it is read for what else it says.
            return [];
        }
    }
}
