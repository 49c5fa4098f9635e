namespace PsGpt.Training;

/// <summary>Refuses options whose values make no sense.</summary>
internal static class OptionCheck
{
    /// <summary>For the options of a step.</summary>
    /// <exception cref="GptException"><c>TrainerOptionsInvalid</c>.</exception>
    public static void RequireOfStep(bool condition, FormattableString problem) => Require("TrainerOptionsInvalid", condition, problem);

    /// <summary>For the options of a run.</summary>
    /// <exception cref="GptException"><c>TrainingRunOptionsInvalid</c>.</exception>
    public static void RequireOfRun(bool condition, FormattableString problem) => Require("TrainingRunOptionsInvalid", condition, problem);

    private static void Require(string errorId, bool condition, FormattableString problem)
    {
        if (!condition)
        {
            throw new GptException(errorId, GptErrorKind.InvalidArgument,
                $"Training cannot start: {FormattableString.Invariant(problem)}. Correct the option.");
        }
    }
}
