using System.Text.Json;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Tokenizers;

/// <summary>
/// What the small files beside a tokenizer say of it, as transformers write them: <c>added_tokens.json</c>,
/// <c>special_tokens_map.json</c> and <c>tokenizer_config.json</c>.
/// </summary>
internal sealed class TokenizerSettings
{
    /// <summary>The name of the file with the settings of the tokenizer.</summary>
    public const string FileName = "tokenizer_config.json";

    /// <summary>The name of the file with the ids of added tokens.</summary>
    public const string AddedTokensName = "added_tokens.json";

    /// <summary>The name of the file with the special tokens by their purposes.</summary>
    public const string SpecialTokensName = "special_tokens_map.json";

    // An id that the file leaves to the vocabulary.
    private const int NoId = -1;

    private readonly Dictionary<string, AddedToken> tokens = new(StringComparer.Ordinal);

    /// <summary>The added tokens; those without an id have that of their text in the vocabulary.</summary>
    public IReadOnlyCollection<AddedToken> AddedTokens => tokens.Values;

    /// <summary>Whether texts get a space in front; null where no file says it.</summary>
    public bool? AddsPrefixSpace { get; private set; }

    /// <summary>Whether a token is put in front of each text (<c>add_bos_token</c>).</summary>
    public bool AddsBeginning { get; private set; }

    /// <summary>The text of the token that ends a text, or null.</summary>
    public string? EndOfText { get; private set; }

    /// <summary>Reads the files that are there.</summary>
    /// <exception cref="GptException"><c>TokenizerFileInvalid</c>, <c>FileTooLarge</c>.</exception>
    public static TokenizerSettings Read(IFileSource files)
    {
        var settings = new TokenizerSettings();
        settings.Read(files, FileName, settings.ReadConfiguration);
        settings.Read(files, SpecialTokensName, settings.ReadSpecialTokens);
        settings.Read(files, AddedTokensName, settings.ReadIds);
        return settings;
    }

    /// <summary>Reads an added token as <c>tokenizer.json</c> and <c>tokenizer_config.json</c> write it.</summary>
    /// <param name="token">The object with its content and flags.</param>
    /// <param name="id">Its id.</param>
    /// <param name="isSpecial">Whether it is special where the object does not say it.</param>
    public static AddedToken ReadToken(JsonElement token, int id, bool isSpecial)
    {
        bool Flag(string name, bool otherwise) => token.TryGetProperty(name, out var flag) ? flag.GetBoolean() : otherwise;
        isSpecial = Flag("special", isSpecial);
        return new AddedToken(token.GetProperty("content").GetString()!, id)
        {
            IsSpecial = isSpecial,
            IsSingleWord = Flag("single_word", false),
            StripsLeft = Flag("lstrip", false),
            StripsRight = Flag("rstrip", false),
            IsNormalized = Flag("normalized", !isSpecial),
        };
    }

    private void Read(IFileSource files, string name, Action<JsonElement> read)
    {
        if (!files.Has(name))
            return;
        try
        {
            using var document = JsonDocument.Parse(SideFile.Read(files, name));
            read(document.RootElement);
        }
        catch (Exception exception) when (BytePairVocabularyFile.IsBroken(exception))
        {
            throw BytePairVocabularyFile.Invalid(files.Describe(name), exception);
        }
    }

    private void ReadConfiguration(JsonElement file)
    {
        if (file.TryGetProperty("add_prefix_space", out var prefix) && prefix.ValueKind != JsonValueKind.Null)
            AddsPrefixSpace = prefix.GetBoolean();
        AddsBeginning = file.TryGetProperty("add_bos_token", out var beginning) && beginning.ValueKind == JsonValueKind.True;
        if (file.TryGetProperty("added_tokens_decoder", out var decoder))
        {
            foreach (var token in decoder.EnumerateObject())
                Add(ReadToken(token.Value, int.Parse(token.Name, System.Globalization.CultureInfo.InvariantCulture), isSpecial: false));
        }

        ReadSpecialTokens(file);
    }

    /// <summary>
    /// Each purpose, such as <c>eos_token</c>, has a text or a token with its flags, <c>additional_special_tokens</c> a list.
    /// </summary>
    private void ReadSpecialTokens(JsonElement file)
    {
        foreach (var purpose in file.EnumerateObject())
        {
            if (purpose.Name == "additional_special_tokens" && purpose.Value.ValueKind == JsonValueKind.Array)
            {
                foreach (var token in purpose.Value.EnumerateArray())
                    AddSpecialToken(token);
            }
            else if (purpose.Name.EndsWith("_token", StringComparison.Ordinal) && AddSpecialToken(purpose.Value) is { } text
                && purpose.Name == "eos_token")
            {
                EndOfText = text;
            }
        }
    }

    private string? AddSpecialToken(JsonElement token)
    {
        var special = token.ValueKind switch
        {
            JsonValueKind.String => new AddedToken(token.GetString()!, NoId),
            JsonValueKind.Object when token.TryGetProperty("content", out _) =>
                ReadToken(token, NoId, isSpecial: true) with { IsSpecial = true },
            _ => null,
        };
        if (special is { Text.Length: > 0 })
            Add(special);
        return special?.Text;
    }

    /// <summary>Tokens without flags; those that are not special are ordinary words.</summary>
    private void ReadIds(JsonElement file)
    {
        foreach (var token in file.EnumerateObject())
        {
            var id = token.Value.GetInt32();
            if (tokens.TryGetValue(token.Name, out var known))
                tokens[token.Name] = known.Id == NoId ? known with { Id = id } : known;
            else
                Add(new AddedToken(token.Name, id) { IsSpecial = false, IsNormalized = true });
        }
    }

    private void Add(AddedToken token)
    {
        if (!tokens.TryAdd(token.Text, token) && tokens[token.Text].Id == NoId && token.Id != NoId)
            tokens[token.Text] = token;
    }
}
