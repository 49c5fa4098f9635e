using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>The model that <c>-Model</c> and <c>-Tokenizer</c> of a cmdlet stand for together.</summary>
/// <param name="cmdlet">Warns of tokens for which a model has no row.</param>
internal sealed class ModelChoice(GptCmdlet cmdlet)
{
    private GptModel? last;
    private GptModel? chosen;

    /// <summary>The model with the tokenizer; it shares the weights of the one that is given, and is the same for each input.</summary>
    /// <param name="model">The model; null for the built-in one.</param>
    /// <param name="tokenizer">The tokenizer that it speaks; null for its own.</param>
    public GptModel Of(GptModel? model, Tokenizer? tokenizer)
    {
        model ??= BuiltInModelCache.Get();
        if (tokenizer is null)
            return model;
        if (last != model)
            (last, chosen) = (model, model.WithTokenizer(tokenizer, cmdlet.WriteWarning));
        return chosen!;
    }
}
