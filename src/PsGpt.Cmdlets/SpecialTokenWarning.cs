namespace PsGpt.Commands;

/// <summary>The warning that special tokens in a text were encoded as plain text.</summary>
internal static class SpecialTokenWarning
{
    /// <summary>Writes the warning where there is something to warn of.</summary>
    /// <param name="cmdlet">The cmdlet, which has <c>-AllowSpecial</c>.</param>
    /// <param name="ignored">The texts of the tokens.</param>
    public static void Write(GptCmdlet cmdlet, IReadOnlyCollection<string> ignored)
    {
        if (ignored.Count > 0)
        {
            cmdlet.WriteWarning($"{string.Join(", ", ignored)} in the text {(ignored.Count == 1 ? "was" : "were")} encoded as plain text. "
                + "Give -AllowSpecial to encode special tokens as such.");
        }
    }
}
