namespace PsGpt.Commands;

/// <summary>
/// Names the parameter or the cmdlet that helps with an error of the engine, by the id of the error: the engine's messages name things,
/// since the engine knows no parameters.
/// </summary>
internal static class ParameterHints
{
    // With the parameter that a cmdlet needs to have for the hint to be of use; null where it is of use everywhere.
    private static readonly Dictionary<string, (string? Parameter, string Text)> Hints = new()
    {
        ["CheckpointsExist"] = ("Resume", "-Resume resumes that run."),
        ["NothingToMeasure"] = ("ValidationFraction", "-ValidationFraction and -ValidationPath choose the text that is held out."),
        ["PluginNotFound"] = (null, "Get-GptPlugin lists all."),
        ["PromptTooLong"] = ("TruncatePrompt", "-TruncatePrompt keeps its end."),
        ["SplitMismatch"] = ("PreTokenizer", "-PreTokenizer is for files that do not say how texts are split."),
        ["TargetExists"] = ("Force", "-Force overwrites it."),
        ["TextEncodingInvalid"] = ("Encoding", "-Encoding takes its name or its number."),
        ["TextHasNull"] = ("Encoding", "-Encoding takes its name or its number."),
        ["TokenFormatUnknown"] = ("Format", "-Format and -Tokenizer say what it holds."),
        ["TokenizerMismatch"] = (null, "ConvertTo-GptTokens -Model makes tokens with the tokenizer of a model."),
        ["TokenizerUnsupported"] = (null, "Import-GptModel -Tokenizer gives a model another tokenizer."),
        ["TokenizerMissing"] = (null, "-Tokenizer gives it one, here and with Import-GptModel."),
        ["WeightsNarrow"] = (null, "Import-GptModel without -DataType does that."),
    };

    /// <summary>The message of an error with the hint for its id, if there is one.</summary>
    /// <param name="error">The error.</param>
    /// <param name="cmdlet">The type of the cmdlet that reports it.</param>
    public static string? For(GptException error, Type cmdlet) =>
        Hints.TryGetValue(error.ErrorId, out var hint) && (hint.Parameter is null || cmdlet.GetProperty(hint.Parameter) is not null)
            ? $"{error.Message} {hint.Text}"
            : null;
}
