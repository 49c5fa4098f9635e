using PsGpt.Data;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <content>The options of a run that the parameters and the recipe say.</content>
public abstract partial class TrainingCmdlet
{
    /// <summary>
    /// The names of the options that the user gave. An order stands for the batch source of its name, in place of any other.
    /// </summary>
    protected IReadOnlySet<string> GivenNames
    {
        get
        {
            var names = MyInvocation.BoundParameters.Keys.ToHashSet();
            if (names.Contains(nameof(Order)))
                names.Add(nameof(BatchSource));
            return names;
        }
    }

    /// <summary>How files are read.</summary>
    private protected TextFileOptions FileOptions => new() { Encoding = Encoding, NoCarriageReturn = NoCarriageReturn };

    /// <summary>The options as all parameters say, given or not.</summary>
    protected TrainingRunOptions GivenOptions => new()
    {
        Steps = Steps,
        Epochs = Epochs,
        MaxMinutes = MaxMinutes,
        BatchSize = BatchSize,
        SequenceLength = SequenceLength,
        SequenceWarmupSteps = SequenceWarmupSteps,
        Accumulation = Accumulation,
        Order = Order,
        BatchSource = BatchSource,
        StepObserver = StepObserver,
        OverfitOneBatch = OverfitOneBatch,
        ValidationInterval = ValidationInterval,
        ValidationBatches = ValidationBatches,
        ValidateFirst = ValidateFirst,
        EstimateTrainingLoss = EstimateTrainingLoss,
        Patience = Patience,
        Schedule = Schedule as string ?? Defaults.Schedule,
        WarmupSteps = WarmupSteps,
        MinLearningRate = MinLearningRate,
        DecayFraction = DecayFraction,
        EmaDecay = EmaDecay,
        SampleInterval = SampleInterval,
        SamplePrompt = SamplePrompt,
        Seed = Seed,
        Trainer = TrainerOptions,
    };

    /// <summary>The options that a recipe sets, except for those that the user gives.</summary>
    /// <param name="recipe">The recipe, or null for the defaults.</param>
    /// <exception cref="GptException">
    /// <c>BatchSourceAmbiguous</c>, <c>TrainingRunOptionsInvalid</c>, <c>TrainerOptionsInvalid</c>, <c>PluginNotFound</c>,
    /// <c>OptionNotUsed</c>.
    /// </exception>
    protected TrainingRunOptions OptionsWith(Recipe? recipe)
    {
        if (BatchSource is not null && GivenNames.Contains(nameof(Order)))
        {
            throw new GptException("BatchSourceAmbiguous", GptErrorKind.InvalidArgument,
                $"-Order {Order} and -BatchSource {BatchSource} both choose the batches. Give one of them.");
        }

        var options = OptionNames.Merge(recipe?.GetTraining() ?? Defaults, GivenOptions, GivenNames);
        options.Validate();
        ScheduleCatalog.Registry.Get(options.Schedule);
        RequireUsed(options.Trainer.Optimizer);
        return options;
    }
}
