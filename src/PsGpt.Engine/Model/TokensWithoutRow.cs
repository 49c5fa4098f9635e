using PsGpt.Tokenization;

namespace PsGpt.Model;

/// <summary>
/// Tokens of a model's tokenizer that the model has no row for: people add tokens and forget to resize the embedding. All texts without
/// those tokens are fine.
/// </summary>
internal static class TokensWithoutRow
{
    private const int MostNamed = 5;

    /// <summary>Names them, where there are any.</summary>
    /// <param name="tokenizer">The tokenizer; null has no tokens.</param>
    /// <param name="model">What the sentence calls the model.</param>
    /// <param name="rows">The rows of the model.</param>
    /// <param name="warn">Takes the sentence.</param>
    public static void Report(Tokenizer? tokenizer, string model, int rows, Action<string> warn)
    {
        if (tokenizer is null || tokenizer.VocabularySize <= rows)
            return;
        var added = tokenizer.GetAddedTokens().Where(token => token.Id >= rows).OrderBy(token => token.Id).ToArray();
        var names = added.Take(MostNamed).Select(token => $"{token.Id} '{token.Text}'");
        warn($"The tokenizer '{tokenizer.Name}' has {tokenizer.VocabularySize} tokens, but '{model}' has {rows} rows: "
            + (added.Length > 0 ? $"there is none for {string.Join(", ", names)}{(added.Length > MostNamed ? " and others" : "")}. " : "")
            + "Texts with a token without a row are refused.");
    }
}
