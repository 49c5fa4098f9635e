using PsGpt.Communication;
using PsGpt.Plugins;

namespace PsGpt.Training;

/// <summary>
/// The options of a training step. The defaults are AdamW's as nanoGPT uses it. Plain values that System.Text.Json writes and reads.
/// </summary>
public sealed record TrainerOptions
{
    /// <summary>The optimizer, by its name in <see cref="OptimizerCatalog"/>.</summary>
    public string Optimizer { get; init; } = "adamw";

    /// <summary>The learning rate; above 0.</summary>
    public float LearningRate { get; init; } = 3e-4f;

    /// <summary>Weight decay, 0 or more; of matrices only, unless <see cref="DecayAll"/> adds biases and norms.</summary>
    public float WeightDecay { get; init; } = 0.1f;

    /// <summary>Whether biases and norms decay too, as in gpt.py.</summary>
    public bool DecayAll { get; init; }

    /// <summary>AdamW's own options, also where <c>muon</c> leaves parameters to AdamW.</summary>
    public AdamWOptions AdamW { get; init; } = new();

    /// <summary>Muon's own options.</summary>
    public MuonOptions Muon { get; init; } = new();

    /// <summary>The own options of <c>sgd</c>.</summary>
    public SgdOptions Sgd { get; init; } = new();

    /// <summary>The maximum norm of the gradients: larger ones are clipped to it. 0 switches clipping off.</summary>
    public float ClipNorm { get; init; } = 1;

    /// <summary>
    /// Skips the update of a step whose loss or gradient norm lies so many standard deviations above the mean of the last 128; 0
    /// skips none.
    /// </summary>
    public float SkipOutliers { get; init; }

    /// <summary>The share of values that is dropped out, 0 to below 1; null for the model's own.</summary>
    public float? Dropout { get; init; }

    /// <summary>The layers that keep their weights; the first layer is 0.</summary>
    public IReadOnlyList<int> FreezeLayers { get; init; } = [];

    /// <summary>Whether the embeddings of tokens and positions keep their weights. A tied head is the embedding of the tokens.</summary>
    public bool FreezeEmbedding { get; init; }

    /// <summary>The number format of the gradients on their way between processes that train together.</summary>
    public WireFormat GradientFormat { get; init; }

    /// <summary>The seed of dropout.</summary>
    public ulong Seed { get; init; }

    /// <summary>Values for the own parameters of the plug-ins that the run uses.</summary>
    public IReadOnlyList<PluginValue> PluginParameter { get; init; } = [];

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="GptException"><c>TrainerOptionsInvalid</c>.</exception>
    public void Validate()
    {
        OptionCheck.OfStep.Require(LearningRate > 0 && float.IsFinite(LearningRate), $"the learning rate {LearningRate} is not above 0");
        OptionCheck.OfStep.Require(WeightDecay >= 0 && float.IsFinite(WeightDecay), $"the weight decay {WeightDecay} is not 0 or more");
        AdamW.Validate();
        Muon.Validate();
        Sgd.Validate();
        OptionCheck.OfStep.Require(ClipNorm >= 0, $"the maximum gradient norm {ClipNorm} is not 0 or more");
        OptionCheck.OfStep.Require(SkipOutliers >= 0, $"the threshold {SkipOutliers} for outliers is not 0 or more");
        OptionCheck.OfStep.Require(Enum.IsDefined(GradientFormat), $"there is no gradient format {GradientFormat}");
        OptionCheck.OfStep.Require(Dropout is null or (>= 0 and < 1), $"the dropout rate {Dropout} is not 0 to below 1");
    }
}
