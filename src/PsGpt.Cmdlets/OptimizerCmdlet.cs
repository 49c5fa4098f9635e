using System.Management.Automation;
using PsGpt.Communication;
using PsGpt.Plugins;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>A cmdlet that updates a model: the parameters of an update, each named as its option in <see cref="TrainerOptions"/>.</summary>
public abstract class OptimizerCmdlet : GptCmdlet
{
    private static readonly TrainerOptions Defaults = new();

    /// <summary>The optimizer, which turns gradients into updates: adamw, muon or sgd.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(OptimizerCompleter))]
    public string Optimizer { get; set; } = Defaults.Optimizer;

    /// <summary>Values for the own parameters of the plug-ins that the run uses: <c>@{ Strength = 0.5 }</c>.</summary>
    [Parameter]
    [ValidateNotNull]
    [PluginParameterTransformation]
    public PluginValue[] PluginParameter { get; set; } = [];

    /// <summary>The learning rate, above 0.</summary>
    [Parameter]
    [Number]
    public float LearningRate { get; set; } = Defaults.LearningRate;

    /// <summary>
    /// AdamW's learning rate for embeddings, norms, biases and the head with <c>muon</c>; that of the matrices unless it is given.
    /// </summary>
    [Parameter]
    [Alias("EmbeddingLearningRate")]
    [Number]
    public float? AdamWLearningRate { get; set; }

    /// <summary>Weight decay, on matrices only unless <see cref="DecayAll"/> is given.</summary>
    [Parameter]
    [Number]
    public float WeightDecay { get; set; } = Defaults.WeightDecay;

    /// <summary>Lets biases and norms decay too, as gpt.py does.</summary>
    [Parameter]
    public SwitchParameter DecayAll { get; set; }

    /// <summary>The decay rate of AdamW's first moment, 0 to below 1.</summary>
    [Parameter]
    [Number]
    public float Beta1 { get; set; } = Defaults.AdamW.Beta1;

    /// <summary>The decay rate of AdamW's second moment, 0 to below 1.</summary>
    [Parameter]
    [Number]
    public float Beta2 { get; set; } = Defaults.AdamW.Beta2;

    /// <summary>The number that AdamW adds to the root of the second moment, above 0.</summary>
    [Parameter]
    [Number]
    public float Epsilon { get; set; } = Defaults.AdamW.Epsilon;

    /// <summary>
    /// The share of the direction that sgd and muon keep from step to step, 0 to below 1; 0.9 and 0.95 unless it is given.
    /// </summary>
    [Parameter]
    [Number]
    public float? Momentum { get; set; }

    /// <summary>The maximum norm of the gradients: larger ones are clipped to it. 0 clips none.</summary>
    [Parameter]
    [Alias("MaximumGradientNorm")]
    [Number]
    public float ClipNorm { get; set; } = Defaults.ClipNorm;

    /// <summary>
    /// Skips the update of steps whose loss or gradient norm lies so many standard deviations above the mean of the last 128; 0 skips none.
    /// </summary>
    [Parameter]
    [Number]
    public float SkipOutliers { get; set; } = Defaults.SkipOutliers;

    /// <summary>The layers that keep their weights; the first layer is 0.</summary>
    [Parameter]
    [ValidateNotNull]
    [WholeNumber]
    public int[] FreezeLayers { get; set; } = [];

    /// <summary>Lets the embeddings of tokens and positions keep their weights.</summary>
    [Parameter]
    public SwitchParameter FreezeEmbedding { get; set; }

    /// <summary>
    /// The number format of gradients on their way between processes that train together: Float32, or BFloat16, which has half the bytes
    /// and
    /// keeps 8 significant bits.
    /// </summary>
    [Parameter]
    public WireFormat GradientFormat { get; set; } = Defaults.GradientFormat;

    /// <summary>The options of an update as the parameters say.</summary>
    protected virtual TrainerOptions TrainerOptions => new()
    {
        Optimizer = Optimizer,
        LearningRate = LearningRate,
        WeightDecay = WeightDecay,
        DecayAll = DecayAll,
        AdamW = new() { Beta1 = Beta1, Beta2 = Beta2, Epsilon = Epsilon },
        Muon = new() { Momentum = Momentum ?? Defaults.Muon.Momentum, AdamWLearningRate = AdamWLearningRate },
        Sgd = new() { Momentum = Momentum ?? Defaults.Sgd.Momentum },
        ClipNorm = ClipNorm,
        SkipOutliers = SkipOutliers,
        FreezeLayers = FreezeLayers,
        FreezeEmbedding = FreezeEmbedding,
        GradientFormat = GradientFormat,
        PluginParameter = PluginParameter,
    };

    /// <summary>Refuses options that the user gives and that the optimizer does not have.</summary>
    /// <param name="optimizer">The optimizer of the training.</param>
    /// <exception cref="GptException"><c>PluginNotFound</c>, <c>OptionNotUsed</c>.</exception>
    protected void RequireUsed(string optimizer)
    {
        var plugin = OptimizerCatalog.Registry.Get(optimizer);
        if (MyInvocation.BoundParameters.Keys.FirstOrDefault(name => !plugin.Uses(name)) is { } unused)
        {
            throw new GptException("OptionNotUsed", GptErrorKind.InvalidArgument,
                $"-{unused} has no effect with the optimizer '{plugin.Name}'. Leave it out, or choose another optimizer.");
        }
    }
}
