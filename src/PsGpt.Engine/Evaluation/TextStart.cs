using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Evaluation;

/// <summary>The token that stands before a text for the model, so that its first token can be expected too.</summary>
internal static class TextStart
{
    /// <summary>
    /// The token that ends a text, since texts follow each other so in training. Lines follow a newline. One stands in for the other
    /// where a vocabulary lacks it; null where it lacks both.
    /// </summary>
    public static int? Find(GptModel model, bool isLine)
    {
        if (model.Tokenizer is not { } tokenizer)
            return null;
        var found = isLine ? Newline(tokenizer) ?? tokenizer.EndOfTextToken : tokenizer.EndOfTextToken ?? Newline(tokenizer);
        return found < model.Configuration.VocabularySize ? found : null;
    }

    private static int? Newline(Tokenizer tokenizer)
    {
        var ids = new List<int>();
        try
        {
            tokenizer.Encode("\n", isEnd: true, ids);
        }
        catch (GptException error) when (error.ErrorId == ErrorIds.TextOutsideVocabulary)
        {
            return null;
        }

        return ids is [var id] ? id : null;
    }
}
