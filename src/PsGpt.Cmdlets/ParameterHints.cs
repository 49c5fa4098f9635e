namespace PsGpt.Commands;

/// <summary>
/// Names the parameter that helps with an error of the engine, by the id of the error: the engine's messages name things, since the
/// engine knows no parameters.
/// </summary>
internal static class ParameterHints
{
    private static readonly Dictionary<string, string> Hints = new()
    {
        ["CheckpointsExist"] = "-Resume resumes that run.",
        ["NothingToMeasure"] = "-ValidationFraction and -ValidationPath choose the text that is held out.",
        ["TargetExists"] = "-Force overwrites it.",
        ["TokenizerMismatch"] = "ConvertTo-GptTokens -Model makes tokens with the tokenizer of a model.",
    };

    /// <summary>The message of an error with the hint for its id, if there is one.</summary>
    public static string? For(GptException error) => Hints.TryGetValue(error.ErrorId, out var hint) ? $"{error.Message} {hint}" : null;
}
