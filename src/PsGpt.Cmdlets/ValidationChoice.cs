namespace PsGpt.Commands;

/// <summary>The user's choice of held-out text, by <c>-ValidationPath</c> or <c>-ValidationFraction</c>.</summary>
internal static class ValidationChoice
{
    /// <summary>Refuses both at once.</summary>
    /// <exception cref="GptException"><c>ValidationAmbiguous</c>.</exception>
    public static void RequireOne(string[]? path, double? fraction)
    {
        if (path is not null && fraction is not null)
        {
            throw new GptException("ValidationAmbiguous", GptErrorKind.InvalidArgument,
                "Both -ValidationPath and -ValidationFraction choose the text that is held out. Give one of them.");
        }
    }

    /// <summary>Refuses either for a dataset, which has held-out text of its own.</summary>
    /// <exception cref="GptException"><c>ValidationAmbiguous</c>.</exception>
    public static void RequireNone(string[]? path, double? fraction)
    {
        if (path is not null || fraction is not null)
        {
            throw new GptException("ValidationAmbiguous", GptErrorKind.InvalidArgument,
                $"A dataset has held-out text of its own. Leave -Validation{(path is null ? "Fraction" : "Path")} out, "
                + "or give it to New-GptDataset.");
        }
    }
}
