using System.Management.Automation;
using System.Text;
using PsGpt.Data;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>
/// A cmdlet that makes a training run: the parameters of a run, each named as its option in <see cref="TrainingRunOptions"/>.
/// </summary>
public abstract partial class TrainingCmdlet : StepCmdlet
{
    private static readonly TrainingRunOptions Defaults = new();

    /// <summary>
    /// The maximum number of steps; 40 unless this, <see cref="Epochs"/> or <see cref="MaxMinutes"/> is given. The limit that is reached
    /// first ends the run.
    /// </summary>
    [Parameter]
    [WholeNumber(1)]
    public int? Steps { get; set; }

    /// <summary>The number of times to go through the text; 0.5 is half of it.</summary>
    [Parameter]
    [Number]
    public double? Epochs { get; set; }

    /// <summary>The maximum time of the run in minutes.</summary>
    [Parameter]
    [Number]
    public double? MaxMinutes { get; set; }

    /// <summary>The rows of a batch.</summary>
    [Parameter]
    [WholeNumber(1)]
    public int BatchSize { get; set; } = Defaults.BatchSize;

    /// <summary>The tokens of a row; 64, or the model's context where that is shorter, unless it is given.</summary>
    [Parameter]
    [WholeNumber(1)]
    public int? SequenceLength { get; set; }

    /// <summary>
    /// The number of steps in which the rows are short: cut into eighths, then quarters, then halves. A step has as many tokens as later.
    /// </summary>
    [Parameter]
    [WholeNumber(0)]
    public int SequenceWarmupSteps { get; set; } = Defaults.SequenceWarmupSteps;

    /// <summary>The number of batches of a step: their gradients are averaged, as if they were one batch.</summary>
    [Parameter]
    [WholeNumber(1)]
    public int Accumulation { get; set; } = Defaults.Accumulation;

    /// <summary>
    /// Random draws windows from anywhere in the text, Sequential goes through it from the start, Shuffled takes each part once in an order
    /// of the seed.
    /// </summary>
    [Parameter]
    public BatchOrder Order { get; set; } = Defaults.Order;

    /// <summary>
    /// A registered batch source, which takes the batches from the text instead of <see cref="Order"/>. It is asked for
    /// <see cref="BatchSize"/> rows of <see cref="SequenceLength"/> tokens, and a batch of another size is an error.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BatchSourceCompleter))]
    public string? BatchSource { get; set; }

    /// <summary>Registered observers, which look at each step and may end the run.</summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(StepObserverCompleter))]
    public string[] StepObserver { get; set; } = [];

    /// <summary>Takes the first batch for every step: a model that cannot learn it by heart has an error somewhere.</summary>
    [Parameter]
    public SwitchParameter OverfitOneBatch { get; set; }

    /// <summary>
    /// The course of the learning rate: constant, linear, cosine or warmup-stable-decay, or a script block
    /// <c>{ param($step, $default) … }</c> that gives the rate of each step.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [ScheduleTransformation]
    [ArgumentCompleter(typeof(ScheduleCompleter))]
    public object Schedule { get; set; } = Defaults.Schedule;

    /// <summary>The number of steps over which the learning rate rises from 0 at first.</summary>
    [Parameter]
    [WholeNumber(0)]
    public int WarmupSteps { get; set; } = Defaults.WarmupSteps;

    /// <summary>The learning rate that a falling schedule ends at.</summary>
    [Parameter]
    [Number]
    public float MinLearningRate { get; set; } = Defaults.MinLearningRate;

    /// <summary>The last share of the steps in which <c>warmup-stable-decay</c> lets the learning rate fall, above 0 to 1.</summary>
    [Parameter]
    [Alias("DecayShare")]
    [Number]
    public double DecayFraction { get; set; } = Defaults.DecayFraction;

    /// <summary>
    /// Keeps an exponential moving average (EMA) of the weights, of which each step keeps this share, such as 0.99; 0 for none. The average
    /// is measured, sampled from, saved in checkpoints, and stands in the model when the run ends.
    /// </summary>
    [Parameter]
    [Number]
    public float EmaDecay { get; set; } = Defaults.EmaDecay;

    /// <summary>The number of steps between two measurements on held-out text; 0 measures nothing.</summary>
    [Parameter]
    [WholeNumber(0)]
    public int ValidationInterval { get; set; } = Defaults.ValidationInterval;

    /// <summary>The number of batches of held-out text in a measurement, the same ones each time.</summary>
    [Parameter]
    [WholeNumber(1)]
    public int ValidationBatches { get; set; } = Defaults.ValidationBatches;

    /// <summary>Measures held-out text before the first step too.</summary>
    [Parameter]
    public SwitchParameter ValidateFirst { get; set; }

    /// <summary>Estimates the loss on the text of the training too, over as many batches, whenever held-out text is measured.</summary>
    [Parameter]
    public SwitchParameter EstimateTrainingLoss { get; set; }

    /// <summary>
    /// Ends the run after so many measurements in a row without a new lowest loss; 0 never does. With -PassThru, the model is then
    /// emitted as it was at the lowest loss.
    /// </summary>
    [Parameter]
    [WholeNumber(0)]
    public int Patience { get; set; } = Defaults.Patience;

    /// <summary>
    /// The number of steps between two samples: a few words that the model writes, which are shown and stand in the step. 0 for none.
    /// </summary>
    [Parameter]
    [WholeNumber(0)]
    public int SampleInterval { get; set; }

    /// <summary>The beginning of the samples; the beginning of the text unless it is given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SamplePrompt { get; set; }

    /// <summary>
    /// The share at the end of the text that is held out to measure the loss on, 0 to below 1; a tenth unless this or <see
    /// cref="ValidationPath"/> is given.
    /// </summary>
    [Parameter]
    [Number]
    public double? ValidationFraction { get; set; }

    /// <summary>Text files that are held out instead of the end of the text. Wildcards are resolved.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? ValidationPath { get; set; }

    /// <inheritdoc cref="TextCmdlet.Encoding"/>
    [Parameter]
    [ValidateNotNull]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding? Encoding { get; set; }

    /// <inheritdoc cref="TextCmdlet.NoCarriageReturn"/>
    [Parameter]
    public SwitchParameter NoCarriageReturn { get; set; }

    /// <summary>
    /// Encodes special tokens in texts as such, so that <c>&lt;|endoftext|&gt;</c> separates documents; otherwise they are plain text, with
    /// a
    /// warning.
    /// </summary>
    [Parameter]
    public SwitchParameter AllowSpecial { get; set; }
}
