namespace PsGpt.Formats.Tokenizers;

/// <summary>Tokens that a tokenizer's file puts around each text. That is the caller's business here, so it is reported.</summary>
internal static class TokensAroundText
{
    /// <summary>Reports them.</summary>
    /// <param name="path">The file that puts them there.</param>
    /// <param name="what">The tokens and their places.</param>
    /// <param name="warn">Takes the sentence.</param>
    public static void Report(string path, string what, Action<string> warn) => warn(
        $"'{path}' puts {what}. Here texts are encoded without: write such tokens into the text and allow special tokens where the model "
        + "needs them.");
}
