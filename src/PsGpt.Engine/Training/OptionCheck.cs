namespace PsGpt.Training;

/// <summary>Refuses options whose values make no sense.</summary>
internal static class OptionCheck
{
    private const string Opening = "Training cannot start";
    private const string Advice = "Correct the option.";

    /// <summary>For the options of a step.</summary>
    public static ValueCheck OfStep { get; } = new("TrainerOptionsInvalid", GptErrorKind.InvalidArgument, Opening, Advice);

    /// <summary>For the options of a run.</summary>
    public static ValueCheck OfRun { get; } = new("TrainingRunOptionsInvalid", GptErrorKind.InvalidArgument, Opening, Advice);
}
