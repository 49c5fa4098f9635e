using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>The tokenizer that a user means with <c>-Tokenizer</c> and <c>-Model</c>.</summary>
internal static class TokenizerChoice
{
    /// <summary>
    /// The tokenizer itself, that of the model, or GPT-2's where neither was given. A model without one takes the tokenizer.
    /// </summary>
    /// <exception cref="GptException"><c>TokenizerAmbiguous</c>, <c>TokenizerMissing</c>.</exception>
    public static Tokenizer Of(Tokenizer? tokenizer, GptModel? model) => (tokenizer, model) switch
    {
        (null, null) => TokenizerCatalog.Gpt2,
        (not null, null or { Tokenizer: null }) => tokenizer,
        (null, not null) => model.RequireTokenizer(),
        _ when tokenizer.Name == model.Tokenizer!.Name => tokenizer,
        _ => throw new GptException("TokenizerAmbiguous", GptErrorKind.InvalidArgument,
            "Both -Tokenizer and -Model were given, and each names a tokenizer. Give one of them."),
    };
}
