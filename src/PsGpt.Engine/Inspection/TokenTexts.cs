using System.Globalization;
using PsGpt.Model;

namespace PsGpt.Inspection;

/// <summary>Tokens as labels of an axis.</summary>
internal static class TokenTexts
{
    /// <summary>The text of each token; its id where the model has no tokenizer or that one has no such token.</summary>
    public static string[] Of(GptModel model, ReadOnlySpan<int> tokens)
    {
        var texts = new string[tokens.Length];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = Of(model, tokens[i]);
        return texts;
    }

    /// <summary>The text of a token; its id where the model has no tokenizer or that one has no such token.</summary>
    public static string Of(GptModel model, int token) =>
        model.Tokenizer is { } tokenizer && (uint)token < (uint)tokenizer.VocabularySize
            ? tokenizer.Decode([token])
            : token.ToString(CultureInfo.InvariantCulture);
}
