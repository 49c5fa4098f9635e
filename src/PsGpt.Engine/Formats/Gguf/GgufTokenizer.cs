using System.Globalization;
using PsGpt.Formats.Tokenizers;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Gguf;

/// <summary>
/// The tokenizer of a GGUF file: its tokens in the order of their ids, written as <c>vocab.json</c> writes them, and its merges as
/// in <c>merges.txt</c>. Every id of the model has a token; padding is called <c>[PAD50257]</c>.
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
    private const string EndOfTurnKey = "tokenizer.ggml.eot_token_id";
    private const string VocabularySizeKey = "gpt2.vocab_size";

    private const string Gpt2Model = "gpt2";
    private const string Gpt2Split = "gpt-2";
    private const string AddsBeginningKey = "tokenizer.ggml.add_bos_token";
    private const string AddsPrefixSpaceKey = "tokenizer.ggml.add_space_prefix";
    private const string NoModel = "none";

    // Digits alone are the number of a padding token.
    private static readonly string NotDigits =
        string.Concat(Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code).Where(code => !char.IsAsciiDigit(code)));

    /// <summary>
    /// The names that llama.cpp knows GPT-2's pre-tokenizer by (<c>llama-vocab.cpp</c>). Files that are older than the key, leave it
    /// empty or say "default" are split as GPT-2 does.
    /// </summary>
    private static readonly string[] Gpt2Splits =
    [
        "", "default", Gpt2Split, "phi-2", "jina-es", "jina-de", "jina-v2-es", "jina-v2-de", "gigachat", "a.x-4.0", "mellum", "modern-bert",
    ];

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
    /// <param name="metadata">The keys of the file.</param>
    /// <param name="vocabularySize">The rows of the model; 0 where the tokenizer is read alone.</param>
    /// <param name="path">What messages call the file.</param>
    /// <param name="warn">Takes what was assumed, and what the file does with texts that is left out here.</param>
    /// <exception cref="GptException"><c>TokenizerFileInvalid</c>, <c>TokenizerUnsupported</c>, <c>VocabularyInvalid</c>.</exception>
    /// <exception cref="FormatException">A key is of another type.</exception>
    public static Tokenizer? Read(GgufMetadata metadata, int vocabularySize, string path, Action<string> warn)
    {
        var model = metadata.FindText(ModelKey);
        if (model is null or NoModel or "no_vocab")
            return ProposedTokenizer.Find($"'{path}' holds no tokenizer.", vocabularySize, warn);
        if (model != Gpt2Model)
            throw BytePairVocabularyFile.Unsupported(path, $"it is of the kind '{model}'");
        if (metadata.FindText(SplitKey) is { } split && !Gpt2Splits.Contains(split))
            throw BytePairVocabularyFile.Unsupported(path, $"it splits texts as '{split}' does");
        if (metadata.FindBoolean(AddsBeginningKey) == true)
            TokensAroundText.Report(path, "the beginning-of-text token in front of each text", warn);

        var tokens = metadata.FindTexts(TokensKey) ?? throw Lacking(TokensKey);
        var mergeTexts = metadata.FindTexts(MergesKey) ?? throw Lacking(MergesKey);
        var types = metadata.FindIntegers(TypesKey) ?? [];
        int[] ends = [.. ReadEndOfText(metadata).Where(id => id < tokens.Length)];
        try
        {
            var merges = Array.ConvertAll(mergeTexts, text => MergeText.Parse(text.AsMemory()));
            var used = tokens.Select((text, id) => (Text: text, Id: id))
                .Where(token => !IsUnused(token.Text, token.Id, types.ElementAtOrDefault(token.Id), merges)).ToArray();
            var vocabulary = new BytePairVocabularyFile(used, used.Length, path, warn);
            foreach (var (text, id) in used.Where(token => IsAdded(types.ElementAtOrDefault(token.Id))))
                vocabulary.Add(new AddedToken(text, id) { IsSpecial = (TokenType)types[id] != TokenType.UserDefined });
            return vocabulary.ToTokenizer(merges, new Gpt2PreTokenizer(), change: tokenizer => Change(tokenizer, metadata, ends));
        }
        catch (Exception exception) when (BytePairVocabularyFile.IsBroken(exception))
        {
            throw BytePairVocabularyFile.Invalid(path, exception);
        }
    }

    /// <summary>The ids that end a text or a turn in it; none where the file does not say it.</summary>
    /// <exception cref="FormatException">A key is of another type.</exception>
    public static int[] ReadEndOfText(GgufMetadata metadata)
    {
        int?[] ids = [metadata.FindInteger(EndKey), metadata.FindInteger(EndOfTurnKey)];
        return [.. ids.OfType<int>().Where(id => id >= 0).Distinct()];
    }

    private static BytePairTokenizer Change(BytePairTokenizer tokenizer, GgufMetadata metadata, int[] ends)
    {
        if (metadata.FindBoolean(AddsPrefixSpaceKey) == true)
            tokenizer = tokenizer.WithPrefixSpace();
        return ends.Length > 0 ? tokenizer.WithEndOfText(ends) : tokenizer;
    }

    /// <summary>Writes the keys.</summary>
    /// <exception cref="GptException">
    /// <c>FormatCannotHold</c>: the tokenizer is no byte-level byte-pair tokenizer with GPT-2's split.
    /// </exception>
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
            throw CannotHold(tokenizer, "programs that read it know byte pairs with GPT-2's split");
        }

        if (bytePairs.Normalizer is { Steps: [var step, ..] })
            throw CannotHold(tokenizer, $"it has no room for the normalizer '{step}'");
        if (bytePairs.GetAddedTokens().FirstOrDefault(token => token.IsSingleWord || token.StripsLeft || token.StripsRight) is { } flagged)
            throw CannotHold(tokenizer, $"it has no room for how the added token '{flagged.Text}' treats the text beside it");
        string TextOf(int id) => ByteCharacters.ToText(bytePairs.GetSpan(id));
        var tokens = ListTokens(bytePairs, Math.Max(vocabularySize, bytePairs.VocabularySize));
        keys.Add(ModelKey, Gpt2Model);
        keys.Add(SplitKey, Gpt2Split);
        keys.Add(TokensKey, Array.ConvertAll(tokens, token => token.Text));
        keys.Add(TypesKey, Array.ConvertAll(tokens, token => (int)token.Type));
        keys.Add(MergesKey, [.. bytePairs.Merges.Select(merge => $"{TextOf(merge.Left)} {TextOf(merge.Right)}")]);
        if (bytePairs.AddsPrefixSpace)
            keys.Add(AddsPrefixSpaceKey, value: true);
        if (bytePairs.EndOfTextToken is not { } endOfText)
            return;
        keys.Add(BeginningKey, endOfText);
        keys.Add(EndKey, endOfText);
        if (bytePairs.EndOfTextTokens is [_, var second, ..])
            keys.Add(EndOfTurnKey, second);
    }

    /// <summary>A token for each id; those that the tokenizer does not use are padding.</summary>
    private static (string Text, TokenType Type)[] ListTokens(BytePairTokenizer tokenizer, int vocabularySize)
    {
        (string Text, TokenType Type)[] tokens = [.. Enumerable.Range(0, vocabularySize).Select(id => (PaddingText(id), TokenType.Unused))];
        foreach (var id in tokenizer.MergedIds)
            tokens[id] = (ByteCharacters.ToText(tokenizer.GetSpan(id)), TokenType.Normal);
        foreach (var token in tokenizer.GetAddedTokens().Where(token => !token.IsMerged))
            tokens[token.Id] = (token.Text, token.IsSpecial ? TokenType.Control : TokenType.UserDefined);
        return tokens;
    }

    private static string PaddingText(int id) => $"[PAD{id}]";

    /// <summary>
    /// Whether an id is padding. Converters call it unused, user-defined (<c>[PAD392]</c>) or even normal (<c>&lt;dummy00392&gt;</c>):
    /// there it carries its own id and no merge makes it.
    /// </summary>
    private static bool IsUnused(string text, int id, int type, MergeText[] merges) =>
        type == (int)TokenType.Unused || (type == (int)TokenType.UserDefined && text == PaddingText(id))
        || (type is 0 or (int)TokenType.Normal && IsNumbered(text, id) && !merges.Any(merge => merge.Makes(text)));

    private static bool IsNumbered(string text, int id)
    {
        var number = text.AsSpan().Trim(NotDigits);
        return text.Length > number.Length && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var actual)
            && actual == id;
    }

    private static bool IsAdded(int type) => (TokenType)type is TokenType.Unknown or TokenType.Control or TokenType.UserDefined;

    private static GptException CannotHold(Tokenizer tokenizer, string problem) => new("FormatCannotHold", GptErrorKind.NotSupported,
        $"GGUF cannot hold the tokenizer '{tokenizer.Name}': {problem}. Write the model as a Hugging Face directory.");

    private static FormatException Lacking(string key) => new($"it lacks the key '{key}'");
}
