using PsGpt.Data;
using PsGpt.Model;

namespace PsGpt.Training;

/// <summary>
/// The options of a run over one dataset. The defaults are llm.c's: 4 x 64 tokens, 40 steps, validation every 10 steps over 5
/// batches. Plain values that System.Text.Json writes and reads.
/// </summary>
public sealed record TrainingRunOptions
{
    // A step of more batches would take days: such a number is a slip.
    private const int MaximumAccumulation = 1 << 16;
    private const int DefaultSteps = 40;
    private const int DefaultSequenceLength = 64;

    /// <summary>
    /// The maximum number of steps, at least 1; null for 40, or for no limit where <see cref="Epochs"/> or <see cref="MaxMinutes"/> is
    /// given.
    /// </summary>
    public int? Steps { get; init; }

    /// <summary>
    /// The number of times to go through the text, above 0; null for any number. The limit that is reached first ends the run.
    /// </summary>
    public double? Epochs { get; init; }

    /// <summary>The maximum time, above 0; null for any time. The run ends after the step in which the time is over.</summary>
    public double? MaxMinutes { get; init; }

    /// <summary>B, the rows of a batch, at least 1.</summary>
    public int BatchSize { get; init; } = 4;

    /// <summary>
    /// T, the tokens of a row, 1 to the model's context length; null for 64, or the context length where that is shorter.
    /// </summary>
    public int? SequenceLength { get; init; }

    /// <summary>
    /// The number of steps in which rows are cut into eighths, then quarters, then halves, 0 or more; <see cref="SequenceLength"/> is then
    /// a multiple of 8. A step has as many tokens as later.
    /// </summary>
    public int SequenceWarmupSteps { get; init; }

    /// <summary>The number of batches of a step, 1 to 65,536: their gradients are averaged, as if they were one batch.</summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>The order of the batches. Held-out text is taken in the same manner: random windows, or from its start.</summary>
    public BatchOrder Order { get; init; }

    /// <summary>The batch source, by its name in <see cref="BatchSourceCatalog"/>; null takes that of <see cref="Order"/>.</summary>
    public string? BatchSource { get; init; }

    /// <summary>The observers that see each step, by their names in <c>StepObserverCatalog</c>.</summary>
    public IReadOnlyList<string> StepObserver { get; init; } = [];

    /// <summary>Whether every step takes the first batch, to see whether the model can learn it by heart.</summary>
    public bool OverfitOneBatch { get; init; }

    /// <summary>The number of steps between two measurements; the last step is always measured. 0 measures nothing.</summary>
    public int ValidationInterval { get; init; } = 10;

    /// <summary>The number of batches of a measurement, at least 1; the same ones each time.</summary>
    public int ValidationBatches { get; init; } = 5;

    /// <summary>Whether held-out text is measured before the first step too.</summary>
    public bool ValidateFirst { get; init; }

    /// <summary>
    /// Whether a measurement estimates the loss on the text of the training too, over as many batches (nanoGPT's <c>estimate_loss</c>).
    /// </summary>
    public bool EstimateTrainingLoss { get; init; }

    /// <summary>The number of measurements in a row without a new lowest loss that ends the run; 0 for no such end.</summary>
    public int Patience { get; init; }

    /// <summary>The schedule of the learning rate, by its name in <see cref="ScheduleCatalog"/>.</summary>
    public string Schedule { get; init; } = "constant";

    /// <summary>The number of steps over which the learning rate rises from 0 at first, 0 or more.</summary>
    public int WarmupSteps { get; init; }

    /// <summary>The learning rate that a falling schedule ends at, 0 to <see cref="TrainerOptions.LearningRate"/>.</summary>
    public float MinLearningRate { get; init; }

    /// <summary>The last share of the steps, above 0 to 1, in which <c>warmup-stable-decay</c> lets the learning rate fall.</summary>
    public double DecayFraction { get; init; } = 0.2;

    /// <summary>
    /// The share of an exponential moving average of the weights that is kept from step to step, 0 to below 1; 0 for no average. The
    /// average is measured, sampled from and saved, and stands in the model at the end; training goes on with the weights themselves.
    /// </summary>
    public float EmaDecay { get; init; }

    /// <summary>
    /// The number of steps between two samples of the model's writing, which <see cref="TrainingRun.Sampler"/> writes; 0 for none.
    /// </summary>
    public int SampleInterval { get; init; }

    /// <summary>The beginning of these samples; null for the first tokens of the text.</summary>
    public string? SamplePrompt { get; init; }

    /// <summary>
    /// The seed of the order; null for the number of the model's steps, so that a second run takes other windows than the first.
    /// </summary>
    public ulong? Seed { get; init; }

    /// <summary>The options of each step.</summary>
    public TrainerOptions Trainer { get; init; } = new();

    /// <summary>Checks the numbers that do not depend on model and dataset.</summary>
    /// <exception cref="GptException"><c>TrainingRunOptionsInvalid</c>, <c>TrainerOptionsInvalid</c>.</exception>
    public void Validate()
    {
        Trainer.Validate();
        OptionCheck.OfRun.Require(Steps is null or >= 1, $"{Steps} steps are not at least 1");
        OptionCheck.OfRun.Require(IsAboveZero(Epochs), $"{Epochs} times through the text are not above 0");
        OptionCheck.OfRun.Require(IsAboveZero(MaxMinutes), $"{MaxMinutes} minutes are not above 0");
        OptionCheck.OfRun.Require(
            Accumulation is >= 1 and <= MaximumAccumulation, $"{Accumulation} batches in a step are not 1 to {MaximumAccumulation}");
        OptionCheck.OfRun.Require(Enum.IsDefined(Order), $"there is no order {Order}");
        OptionCheck.OfRun.Require(ValidationInterval >= 0, $"the validation interval {ValidationInterval} is not 0 or more");
        OptionCheck.OfRun.Require(ValidationBatches >= 1, $"{ValidationBatches} validation batches are not at least 1");
        OptionCheck.OfRun.Require(Patience >= 0, $"the patience {Patience} is not 0 or more");
        OptionCheck.OfRun.Require(
            Patience == 0 || ValidationInterval > 0, $"a patience of {Patience} measurements needs a validation interval above 0");
        OptionCheck.OfRun.Require(
            !ValidateFirst || ValidationInterval > 0, $"measuring before the first step needs a validation interval above 0");
        OptionCheck.OfRun.Require(
            !EstimateTrainingLoss || ValidationInterval > 0, $"estimating the training loss needs a validation interval above 0");
        OptionCheck.OfRun.Require(WarmupSteps >= 0, $"{WarmupSteps} steps of warm-up are not 0 or more");
        OptionCheck.OfRun.Require(SequenceWarmupSteps >= 0, $"{SequenceWarmupSteps} steps of short rows are not 0 or more");
        OptionCheck.OfRun.Require(
            DecayFraction is > 0 and <= 1, $"a decay over a share of {DecayFraction} of the steps is not above 0 to 1");
        OptionCheck.OfRun.Require(
            MinLearningRate >= 0 && MinLearningRate <= Trainer.LearningRate,
            $"the minimum learning rate {MinLearningRate} is not 0 to the learning rate {Trainer.LearningRate}");
        OptionCheck.OfRun.Require(EmaDecay is >= 0 and < 1, $"the decay {EmaDecay} of the average of weights is not 0 to below 1");
        OptionCheck.OfRun.Require(SampleInterval >= 0, $"the sample interval {SampleInterval} is not 0 or more");
    }

    /// <summary>The options with every value that depends on the model: steps, sequence length and seed.</summary>
    public TrainingRunOptions For(GptModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return this with
        {
            Steps = Steps ?? (Epochs is null && MaxMinutes is null ? DefaultSteps : null),
            SequenceLength = SequenceLength ?? Math.Min(DefaultSequenceLength, model.Configuration.ContextLength),
            Seed = Seed ?? (ulong)model.TrainingState.Step,
        };
    }

    private static bool IsAboveZero(double? value) => value is null || (value > 0 && double.IsFinite(value.Value));
}
