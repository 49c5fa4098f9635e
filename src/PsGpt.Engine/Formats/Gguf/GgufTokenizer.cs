using PsGpt.Formats.Tokenizers;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Gguf;

/// <summary>
/// The tokenizer of a GGUF file: its tokens in the order of their ids, written as <c>vocab.json</c> writes them, and its merges as
/// in <c>merges.txt</c>. Every id of the model has a token; those that stand for nothing are called <c>[PAD50257]</c>.
/// </summary>
internal static class GgufTokenizer
{
    private const string ModelKey = "tokenizer.ggml.model";
    private const string SplitKey = "tokenizer.ggml.pre";
    private const string TokensKey = "tokenizer.ggml.tokens";
    private const string TypesKey = "tokenizer.ggml.token_type";
    private const string MergesKey = "tokenizer.ggml.merges";
    private const string BeginningKey = "tokenizer.ggml.bos_token_id";
    private const string EndKey = "tokenizer.ggml.eos_token_id";
    private const string VocabularySizeKey = "gpt2.vocab_size";

    private const string Gpt2Model = "gpt2";
    private const string Gpt2Split = "gpt-2";
    private const string NoModel = "none";
    private const int Gpt2VocabularySize = 50257;

    /// <summary>llama.cpp's kinds of tokens (<c>enum llama_token_type</c>).</summary>
    private enum TokenType
    {
        Normal = 1,
        Unknown = 2,
        Control = 3,
        UserDefined = 4,
        Unused = 5,
    }

    /// <summary>Reads the tokenizer: GPT-2's where a model of its size brings none, null where another brings none.</summary>
    /// <exception cref="GptException"><c>TokenizerFileInvalid</c>, <c>TokenizerUnsupported</c>, <c>VocabularyInvalid</c>.</exception>
    /// <exception cref="FormatException">A key is of another type.</exception>
    public static Tokenizer? Read(GgufMetadata metadata, int vocabularySize, string path)
    {
        var model = metadata.FindText(ModelKey);
        if (model is null or NoModel or "no_vocab")
            return vocabularySize == Gpt2VocabularySize ? TokenizerCatalog.Gpt2 : null;
        if (model != Gpt2Model)
            throw BytePairVocabularyFile.Unsupported(path, $"it is of the kind '{model}'");

        // Files that are older than this key, or say "default", are cut as GPT-2 does.
        if (metadata.FindText(SplitKey) is { } split and not (Gpt2Split or "default"))
            throw BytePairVocabularyFile.Unsupported(path, $"it splits texts as '{split}' does");
        var tokens = metadata.FindTexts(TokensKey) ?? throw Lacking(TokensKey);
        var mergeTexts = metadata.FindTexts(MergesKey) ?? throw Lacking(MergesKey);
        var types = metadata.FindIntegers(TypesKey) ?? [];
        int?[] ends = [metadata.FindInteger(BeginningKey), metadata.FindInteger(EndKey)];
        try
        {
            var merges = Array.ConvertAll(mergeTexts, text => MergeText.Parse(text.AsMemory()));
            var used = tokens.Select((text, id) => (Text: text, Id: id)).Where(token => !IsUnused(token.Text, token.Id, types.ElementAtOrDefault(token.Id))).ToArray();
            var vocabulary = new BytePairVocabularyFile(used, used.Length, path);
            foreach (var (text, id) in used.Where(token => IsSpecial(types.ElementAtOrDefault(token.Id)) || (ends.Contains(token.Id) && !IsMade(token.Text, merges))))
                vocabulary.AddSpecialToken(text, id);
            if (types.Length == 0)
                vocabulary.AddSpecialTokens(merges);
            return vocabulary.ToTokenizer(merges, new Gpt2PreTokenizer());
        }
        catch (Exception exception) when (BytePairVocabularyFile.IsBroken(exception))
        {
            throw BytePairVocabularyFile.Invalid(path, exception);
        }
    }

    /// <summary>Writes the keys.</summary>
    /// <exception cref="GptException"><c>FormatCannotHold</c>: the tokenizer is no byte-level byte-pair tokenizer with GPT-2's split.</exception>
    public static void Write(GgufKeys keys, Tokenizer? tokenizer, int vocabularySize)
    {
        if (tokenizer is null)
        {
            // llama.cpp takes the number of tokens from here where it cannot count them.
            keys.Add(ModelKey, NoModel);
            keys.Add(VocabularySizeKey, vocabularySize);
            return;
        }

        if (tokenizer is not BytePairTokenizer { PreTokenizer: Gpt2PreTokenizer } bytePairs)
        {
            throw new GptException("FormatCannotHold", GptErrorKind.NotSupported,
                $"GGUF cannot hold the tokenizer '{tokenizer.Name}': programs that read it know byte pairs with GPT-2's split. Export the model with -Format huggingface.");
        }

        string TextOf(int id) => ByteCharacters.ToText(bytePairs.GetBytes(id));
        var tokens = ListTokens(bytePairs, vocabularySize);
        keys.Add(ModelKey, Gpt2Model);
        keys.Add(SplitKey, Gpt2Split);
        keys.Add(TokensKey, Array.ConvertAll(tokens, token => token.Text));
        keys.Add(TypesKey, Array.ConvertAll(tokens, token => (int)token.Type));
        keys.Add(MergesKey, [.. bytePairs.Merges.Select(merge => $"{TextOf(merge.Left)} {TextOf(merge.Right)}")]);
        if (bytePairs.EndOfTextToken is not { } endOfText)
            return;
        keys.Add(BeginningKey, endOfText);
        keys.Add(EndKey, endOfText);
    }

    /// <summary>A token for each id; those that the tokenizer does not use are padding.</summary>
    private static (string Text, TokenType Type)[] ListTokens(BytePairTokenizer tokenizer, int vocabularySize)
    {
        (string Text, TokenType Type)[] tokens = [.. Enumerable.Range(0, vocabularySize).Select(id => (PaddingText(id), TokenType.Unused))];
        foreach (var id in IdMapping.Of(BytePairVocabulary.ByteCount + tokenizer.Merges.Count, tokenizer.SpecialTokens.Values))
            tokens[id] = (ByteCharacters.ToText(tokenizer.GetBytes(id)), TokenType.Normal);
        foreach (var (text, id) in tokenizer.SpecialTokens)
            tokens[id] = (text, TokenType.Control);
        return tokens;
    }

    private static string PaddingText(int id) => $"[PAD{id}]";

    /// <summary>Older converters call the padding user-defined.</summary>
    private static bool IsUnused(string text, int id, int type) =>
        type == (int)TokenType.Unused || (type == (int)TokenType.UserDefined && text == PaddingText(id));

    private static bool IsSpecial(int type) => (TokenType)type is TokenType.Unknown or TokenType.Control or TokenType.UserDefined;

    /// <summary>Whether text can become a token: a byte, or what a merge makes.</summary>
    private static bool IsMade(string text, MergeText[] merges) => text.Length == 1 || merges.Any(merge => merge.Makes(text));

    private static FormatException Lacking(string key) => new($"it lacks the key '{key}'");
}
