using System.Management.Automation;
using PsGpt.Data;
using PsGpt.Model;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>A cmdlet that trains: the parameters that say how, and the options that they make.</summary>
public abstract class TrainingCmdlet : GptCmdlet
{
    private static readonly TrainingRunOptions RunDefaults = new();
    private static readonly TrainerOptions Defaults = new();

    /// <summary>The most steps; 40 unless this, <see cref="Epochs"/> or <see cref="MaxMinutes"/> is given. The limit that is reached first ends the run.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Steps { get; set; }

    /// <summary>How often to go through the text; 0.5 is half of it.</summary>
    [Parameter]
    public double? Epochs { get; set; }

    /// <summary>How many minutes the run may take.</summary>
    [Parameter]
    public double? MaxMinutes { get; set; }

    /// <summary>The rows of a batch.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int BatchSize { get; set; } = RunDefaults.BatchSize;

    /// <summary>The tokens of a row; 64, or the model's context where that is shorter, unless it is given.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? SequenceLength { get; set; }

    /// <summary>How many batches make a step: their gradients are averaged, as if they were one batch.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Accumulation { get; set; } = RunDefaults.Accumulation;

    /// <summary>Random draws windows from anywhere in the text, Sequential goes through it from the start, Shuffled takes each part once in an order of the seed.</summary>
    [Parameter]
    public BatchOrder Order { get; set; } = RunDefaults.Order;

    /// <summary>Takes the first batch for every step: a model that cannot learn that by heart has an error somewhere.</summary>
    [Parameter]
    public SwitchParameter OverfitOneBatch { get; set; }

    /// <summary>What turns gradients into updates: adamw, muon or sgd.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(OptimizerCompleter))]
    public string Optimizer { get; set; } = Defaults.Optimizer;

    /// <summary>The learning rate, above 0.</summary>
    [Parameter]
    public float LearningRate { get; set; } = Defaults.LearningRate;

    /// <summary>The learning rate of embeddings and norms with <c>muon</c>, which leaves those to AdamW; that of the matrices unless it is given.</summary>
    [Parameter]
    [Alias("EmbeddingLearningRate")]
    public float? AdamWLearningRate { get; set; }

    /// <summary>
    /// How the learning rate goes: constant, linear, cosine or warmup-stable-decay, or a script block <c>{ param($step, $default) … }</c>
    /// that gives the rate of each step.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [ScheduleTransformation]
    [ArgumentCompleter(typeof(ScheduleCompleter))]
    public object Schedule { get; set; } = RunDefaults.Schedule;

    /// <summary>Over how many steps the learning rate rises from 0 at first.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int WarmupSteps { get; set; } = RunDefaults.WarmupSteps;

    /// <summary>What the learning rate falls to.</summary>
    [Parameter]
    public float MinLearningRate { get; set; } = RunDefaults.MinLearningRate;

    /// <summary>The last share of the steps in which <c>warmup-stable-decay</c> lets the learning rate fall, above 0 to 1.</summary>
    [Parameter]
    [Alias("DecayShare")]
    public double DecayFraction { get; set; } = RunDefaults.DecayFraction;

    /// <summary>Weight decay, on matrices only unless <see cref="DecayAll"/> is given.</summary>
    [Parameter]
    public float WeightDecay { get; set; } = Defaults.WeightDecay;

    /// <summary>Lets biases and norms decay too, as gpt.py does.</summary>
    [Parameter]
    public SwitchParameter DecayAll { get; set; }

    /// <summary>How much of AdamW's first moment is kept from step to step, 0 to below 1.</summary>
    [Parameter]
    public float Beta1 { get; set; } = Defaults.Beta1;

    /// <summary>How much of AdamW's second moment is kept from step to step, 0 to below 1.</summary>
    [Parameter]
    public float Beta2 { get; set; } = Defaults.Beta2;

    /// <summary>What AdamW adds to the root of the second moment.</summary>
    [Parameter]
    public float Epsilon { get; set; } = Defaults.Epsilon;

    /// <summary>How much of the direction sgd and muon keep from step to step, 0 to below 1; 0.9 and 0.95 unless it is given.</summary>
    [Parameter]
    public float? Momentum { get; set; }

    /// <summary>The norm that gradients are clipped to; 0 leaves them as they are.</summary>
    [Parameter]
    [Alias("MaximumGradientNorm")]
    public float ClipNorm { get; set; } = Defaults.ClipNorm;

    /// <summary>The share of values that is dropped out, 0 to below 1; the model's own unless it is given.</summary>
    [Parameter]
    public float? Dropout { get; set; }

    /// <summary>Leaves the model as it is in steps whose loss or gradient norm lies so many standard deviations above the last 128; 0 never does.</summary>
    [Parameter]
    public float SkipOutliers { get; set; } = Defaults.SkipOutliers;

    /// <summary>The layers that keep their weights, the first being 0.</summary>
    [Parameter]
    [ValidateNotNull]
    public int[] FreezeLayers { get; set; } = [];

    /// <summary>Lets the embeddings of tokens and positions keep their weights.</summary>
    [Parameter]
    public SwitchParameter FreezeEmbedding { get; set; }

    /// <summary>How many steps lie between two measurements on held-out text; 0 measures nothing.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int ValidationInterval { get; set; } = RunDefaults.ValidationInterval;

    /// <summary>How many batches of held-out text a measurement takes, the same ones each time.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int ValidationBatches { get; set; } = RunDefaults.ValidationBatches;

    /// <summary>Measures held-out text before the first step too.</summary>
    [Parameter]
    public SwitchParameter ValidateFirst { get; set; }

    /// <summary>Ends the run after so many measurements in a row without a new lowest loss; 0 never does.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Patience { get; set; } = RunDefaults.Patience;

    /// <summary>Lets the model write a few words every so many steps; 0 never does. They are shown, and stand in the step.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int SampleInterval { get; set; }

    /// <summary>What those words begin with; the beginning of the text unless it is given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SamplePrompt { get; set; }

    /// <summary>The same seed gives the same run.</summary>
    [Parameter]
    public ulong Seed { get; set; }

    /// <summary>What the parameters say for a model.</summary>
    protected TrainingRunOptions OptionsFor(GptModel model) => new()
    {
        Steps = Steps ?? (Epochs is null && MaxMinutes is null ? RunDefaults.Steps : null),
        Epochs = Epochs,
        MaxMinutes = MaxMinutes,
        BatchSize = BatchSize,
        SequenceLength = SequenceLengthFor(model),
        Accumulation = Accumulation,
        Order = Order,
        OverfitOneBatch = OverfitOneBatch,
        ValidationInterval = ValidationInterval,
        ValidationBatches = ValidationBatches,
        ValidateFirst = ValidateFirst,
        Patience = Patience,
        Schedule = Schedule as string ?? RunDefaults.Schedule,
        WarmupSteps = WarmupSteps,
        MinLearningRate = MinLearningRate,
        DecayFraction = DecayFraction,
        Seed = Seed,
        Trainer = TrainerOptions,
    };

    /// <summary>The tokens of a row for a model.</summary>
    protected int SequenceLengthFor(GptModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return SequenceLength ?? Math.Min(RunDefaults.SequenceLength, model.Configuration.ContextLength);
    }

    private TrainerOptions TrainerOptions => new()
    {
        Optimizer = Optimizer,
        LearningRate = LearningRate,
        AdamWLearningRate = AdamWLearningRate,
        WeightDecay = WeightDecay,
        DecayAll = DecayAll,
        Beta1 = Beta1,
        Beta2 = Beta2,
        Epsilon = Epsilon,
        Momentum = Momentum,
        ClipNorm = ClipNorm,
        SkipOutliers = SkipOutliers,
        Dropout = Dropout,
        FreezeLayers = FreezeLayers,
        FreezeEmbedding = FreezeEmbedding,
        Seed = Seed,
    };
}
