using System.Text.Json;
using System.Text.Json.Nodes;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Tokenizers;

/// <summary>The tokenizer of a directory: <c>tokenizer.json</c>, or <c>vocab.json</c> with <c>merges.txt</c>.</summary>
internal static class HuggingFaceTokenizer
{
    private const string SettingsName = "tokenizer_config.json";
    private const int Gpt2VocabularySize = 50257;

    /// <summary>Reads the tokenizer: GPT-2's where a model of its size brings none, null where another brings none.</summary>
    /// <exception cref="GptException"><c>TokenizerFileInvalid</c>, <c>TokenizerUnsupported</c>, <c>VocabularyInvalid</c>, <c>FileTooLarge</c>.</exception>
    public static Tokenizer? Read(IFileSource files, GptConfiguration configuration)
    {
        if (files.Has(NamedTokenizer.FileName))
            return NamedTokenizer.Read(SideFile.Read(files, NamedTokenizer.FileName), files.Describe(NamedTokenizer.FileName));
        if (files.Has(TokenizerJson.FileName))
            return TokenizerJson.Read(SideFile.Read(files, TokenizerJson.FileName), files.Describe(TokenizerJson.FileName));
        if (files.Has(MergesFile.VocabularyName) && files.Has(MergesFile.FileName))
            return MergesFile.Read(SideFile.Read(files, MergesFile.VocabularyName), SideFile.Read(files, MergesFile.FileName), files.Describe(MergesFile.FileName), new Gpt2PreTokenizer());
        return configuration.VocabularySize == Gpt2VocabularySize ? TokenizerCatalog.Gpt2 : null;
    }

    /// <summary>Requires that a directory can hold the tokenizer: its vocabulary, or the name of a plug-in.</summary>
    /// <exception cref="GptException"><c>FormatCannotHold</c>.</exception>
    public static void Require(Tokenizer tokenizer)
    {
        if (!TokenizerJsonWriter.CanHold(tokenizer) && NamedTokenizer.Write(tokenizer) is null)
            throw TokenizerJsonWriter.CannotHold(tokenizer);
    }

    /// <summary>
    /// Writes the files that transformers need to load the tokenizer unchanged, or the name of a tokenizer of a plug-in.
    /// </summary>
    /// <exception cref="GptException"><c>FormatCannotHold</c>: a tokenizer that no file can describe and that has no name.</exception>
    public static void Write(Tokenizer tokenizer, IFileTarget target, int contextLength)
    {
        if (!TokenizerJsonWriter.CanHold(tokenizer) && NamedTokenizer.Write(tokenizer) is { } name)
        {
            SideFile.Write(target, NamedTokenizer.FileName, name);
            return;
        }

        SideFile.Write(target, TokenizerJson.FileName, TokenizerJsonWriter.Write(tokenizer));

        // Without this, transformers take GPT-2's own class for any tokenizer of a model of this type, and characters get
        // tokens that the model does not have.
        var settings = new JsonObject
        {
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["clean_up_tokenization_spaces"] = false,
            ["model_max_length"] = contextLength,
        };
        if (tokenizer.EndOfTextToken is not null)
            (settings["bos_token"], settings["eos_token"]) = (BytePairTokenizer.EndOfText, BytePairTokenizer.EndOfText);
        SideFile.Write(target, SettingsName, JsonSerializer.SerializeToUtf8Bytes(settings, new JsonSerializerOptions { WriteIndented = true }));
    }
}
