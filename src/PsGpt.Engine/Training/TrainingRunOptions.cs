namespace PsGpt.Training;

/// <summary>A whole run over one dataset. The defaults are llm.c's: 4 x 64 tokens, 40 steps, validation every 10 steps over 5 batches.</summary>
public sealed record TrainingRunOptions
{
    /// <summary>The number of steps of this run, at least 1.</summary>
    public int StepCount { get; init; } = 40;

    /// <summary>B, the rows of a batch, at least 1.</summary>
    public int BatchSize { get; init; } = 4;

    /// <summary>T, the tokens of a row, 1 to the model's context length.</summary>
    public int SequenceLength { get; init; } = 64;

    /// <summary>How many steps lie between two measurements; the last step is measured always. 0 measures nothing.</summary>
    public int ValidationInterval { get; init; } = 10;

    /// <summary>How many batches a measurement takes, at least 1; the same ones each time.</summary>
    public int ValidationBatchCount { get; init; } = 5;

    /// <summary>Which windows of the dataset are drawn.</summary>
    public ulong Seed { get; init; }

    /// <summary>How each step trains.</summary>
    public TrainerOptions Trainer { get; init; } = new();

    /// <summary>Checks the numbers that do not depend on the dataset.</summary>
    /// <exception cref="GptException"><c>TrainingRunOptionsInvalid</c>, <c>TrainerOptionsInvalid</c>.</exception>
    public void Validate()
    {
        Require(StepCount >= 1, $"{StepCount} steps are not at least 1");
        Require(ValidationInterval >= 0, $"the validation interval {ValidationInterval} is not 0 or more");
        Require(ValidationBatchCount >= 1, $"{ValidationBatchCount} validation batches are not at least 1");
        Trainer.Validate();
    }

    private static void Require(bool condition, string problem)
    {
        if (!condition)
            throw new GptException("TrainingRunOptionsInvalid", GptErrorKind.InvalidArgument, $"Training cannot start: {problem}. Correct the option.");
    }
}
