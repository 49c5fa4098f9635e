using PsGpt.Tokenization;

namespace PsGpt.Model;

/// <summary>Refuses models and tokens that cannot go together. Extensions, since Get-Member shows what a user of a model needs.</summary>
public static class RequiredTokenizer
{
    /// <summary>The tokenizer, where text is to be read or written.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="GptException"><c>TokenizerMissing</c>.</exception>
    public static Tokenizer RequireTokenizer(this GptModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Tokenizer ?? throw new GptException("TokenizerMissing", GptErrorKind.InvalidArgument,
            $"The model '{model.Name}' came without a tokenizer, so it cannot read or write text. " + (model.Vocabulary is 50257 or 50304
                ? $"It has {model.Vocabulary} rows, as GPT-2's tokenizer needs them: give it 'gpt2'."
                : "Give it the tokenizer that it was trained with."));
    }

    /// <summary>Refuses tokens of another tokenizer.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokenizerName">The name that the tokens carry; null passes.</param>
    /// <exception cref="GptException"><c>TokenizerMismatch</c>.</exception>
    public static void RequireTokenizer(this GptModel model, string? tokenizerName)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (tokenizerName is not null && model.Tokenizer is not null && tokenizerName != model.Tokenizer.Name)
        {
            throw new GptException("TokenizerMismatch", GptErrorKind.InvalidArgument,
                $"The tokens were made by '{tokenizerName}', but the model '{model.Name}' speaks '{model.Tokenizer.Name}'. "
                + "Make them with the model's own tokenizer.");
        }
    }
}
