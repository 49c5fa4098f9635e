using PsGpt.Data;

namespace PsGpt.Training;

/// <summary>
/// A whole run over one dataset. The defaults are llm.c's: 4 x 64 tokens, 40 steps, validation every 10 steps over 5 batches. Plain
/// values that System.Text.Json writes and reads.
/// </summary>
public sealed record TrainingRunOptions
{
    // All batches of a step are in memory at once.
    private const int MostAccumulation = 1 << 16;

    /// <summary>The number of steps of this run, at least 1; null for as many as the other limits allow.</summary>
    public int? Steps { get; init; } = 40;

    /// <summary>How often to go through the text, above 0; null for any number. The limit that is reached first ends the run.</summary>
    public double? Epochs { get; init; }

    /// <summary>How long the run may take, above 0; null for any time. It ends after the step in which the time is over.</summary>
    public double? MaxMinutes { get; init; }

    /// <summary>B, the rows of a batch, at least 1.</summary>
    public int BatchSize { get; init; } = 4;

    /// <summary>T, the tokens of a row, 1 to the model's context length.</summary>
    public int SequenceLength { get; init; } = 64;

    /// <summary>How many batches make a step, 1 to 65536: their gradients are averaged, as if they were one batch.</summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>Which part of the text the next batch is. Held-out text is taken in the same manner: random windows, or from its start.</summary>
    public BatchOrder Order { get; init; }

    /// <summary>Whether every step takes the first batch, to see whether the model can learn it by heart.</summary>
    public bool OverfitOneBatch { get; init; }

    /// <summary>How many steps lie between two measurements; the last step is measured always. 0 measures nothing.</summary>
    public int ValidationInterval { get; init; } = 10;

    /// <summary>How many batches a measurement takes, at least 1; the same ones each time.</summary>
    public int ValidationBatches { get; init; } = 5;

    /// <summary>Whether held-out text is measured before the first step too.</summary>
    public bool ValidateFirst { get; init; }

    /// <summary>Ends the run after so many measurements in a row without a new lowest loss; 0 never does.</summary>
    public int Patience { get; init; }

    /// <summary>How the learning rate goes, by the name of a schedule.</summary>
    public string Schedule { get; init; } = "constant";

    /// <summary>Over how many steps the learning rate rises from 0 at first, 0 or more.</summary>
    public int WarmupSteps { get; init; }

    /// <summary>What the learning rate falls to, 0 to <see cref="TrainerOptions.LearningRate"/>.</summary>
    public float MinLearningRate { get; init; }

    /// <summary>The last share of the steps in which <c>warmup-stable-decay</c> lets the learning rate fall, above 0 to 1.</summary>
    public double DecayFraction { get; init; } = 0.2;

    /// <summary>Which parts of the text are drawn.</summary>
    public ulong Seed { get; init; }

    /// <summary>How each step trains.</summary>
    public TrainerOptions Trainer { get; init; } = new();

    /// <summary>Checks the numbers that do not depend on model and dataset.</summary>
    /// <exception cref="GptException"><c>TrainingRunOptionsInvalid</c>, <c>TrainerOptionsInvalid</c>, <c>PluginNotFound</c>.</exception>
    public void Validate()
    {
        Trainer.Validate();
        Require(Steps is null or >= 1, $"{Steps} steps are not at least 1");
        Require(Epochs is null || (Epochs > 0 && double.IsFinite(Epochs.Value)), $"{Epochs} times through the text are not above 0");
        Require(MaxMinutes is null || (MaxMinutes > 0 && double.IsFinite(MaxMinutes.Value)), $"{MaxMinutes} minutes are not above 0");
        Require(Steps is not null || Epochs is not null || MaxMinutes is not null, $"nothing says when it ends, neither steps nor epochs nor minutes");
        Require(Accumulation is >= 1 and <= MostAccumulation, $"{Accumulation} batches in a step are not 1 to {MostAccumulation}");
        Require(Enum.IsDefined(Order), $"there is no order {Order}");
        Require(ValidationInterval >= 0, $"the validation interval {ValidationInterval} is not 0 or more");
        Require(ValidationBatches >= 1, $"{ValidationBatches} validation batches are not at least 1");
        Require(Patience >= 0, $"the patience {Patience} is not 0 or more");
        Require(Patience == 0 || ValidationInterval > 0, $"a patience of {Patience} measurements needs a validation interval above 0");
        Require(!ValidateFirst || ValidationInterval > 0, $"measuring before the first step needs a validation interval above 0");
        Require(WarmupSteps >= 0, $"{WarmupSteps} steps of warm-up are not 0 or more");
        Require(DecayFraction is > 0 and <= 1, $"a decay over a share of {DecayFraction} of the steps is not above 0 to 1");
        Require(MinLearningRate >= 0 && MinLearningRate <= Trainer.LearningRate, $"the minimum learning rate {MinLearningRate} is not 0 to the learning rate {Trainer.LearningRate}");
        ScheduleCatalog.Registry.Get(Schedule);
    }

    private static void Require(bool condition, FormattableString problem)
    {
        if (!condition)
            throw new GptException("TrainingRunOptionsInvalid", GptErrorKind.InvalidArgument, $"Training cannot start: {FormattableString.Invariant(problem)}. Correct the option.");
    }
}
