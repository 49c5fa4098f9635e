namespace PsGpt.Commands;

/// <summary>What a user wants held out, with <c>-ValidationPath</c> or <c>-ValidationFraction</c>.</summary>
internal static class ValidationChoice
{
    /// <summary>Tells where both were given.</summary>
    /// <exception cref="GptException"><c>ValidationAmbiguous</c>.</exception>
    public static void RequireOne(string[]? path, double? fraction)
    {
        if (path is not null && fraction is not null)
        {
            throw new GptException("ValidationAmbiguous", GptErrorKind.InvalidArgument,
                "Both -ValidationPath and -ValidationFraction say what is held out. Give one of them.");
        }
    }
}
