using PsGpt.Tokenization;

namespace PsGpt.Data;

/// <summary>The one tokenizer that made all ids of a stream; refuses ids that another one made.</summary>
internal sealed class SharedTokenizer
{
    /// <summary>The tokenizer's name, or null as long as no ids had one.</summary>
    public string? Name { get; private set; }

    /// <summary>The tokenizer, or null as long as only its name is known, or not even that.</summary>
    public Tokenizer? Tokenizer { get; private set; }

    /// <summary>Takes note of the tokenizer of the next ids; ids of an unknown tokenizer pass.</summary>
    /// <exception cref="GptException"><c>TokenizerMismatch</c>.</exception>
    public void Require(ITokenSource tokens)
    {
        if (tokens.TokenizerName is not null && Name is not null && tokens.TokenizerName != Name)
            throw Mismatch(tokens.TokenizerName, Name);
        Name ??= tokens.TokenizerName;
        Tokenizer ??= tokens.GetTokenizer();
    }

    /// <summary>The error for ids of two tokenizers that should become one text.</summary>
    public static GptException Mismatch(string name, string nameBefore) => new("TokenizerMismatch", GptErrorKind.InvalidArgument,
        $"These tokens were made by '{name}', but those before them by '{nameBefore}'. " +
        "Ids of different tokenizers cannot be mixed: make all of them with one tokenizer.");
}
