namespace PsGpt.Training;

/// <summary>How a model is trained. The defaults are AdamW's as nanoGPT uses it. Plain values that System.Text.Json writes and reads.</summary>
public sealed record TrainerOptions
{
    /// <summary>What turns gradients into updates, by the name of an optimizer.</summary>
    public string Optimizer { get; init; } = "adamw";

    /// <summary>The learning rate; above 0.</summary>
    public float LearningRate { get; init; } = 3e-4f;

    /// <summary>The learning rate of what <c>muon</c> leaves to AdamW, embeddings and norms, above 0; null for <see cref="LearningRate"/>. It follows the schedule too.</summary>
    public float? AdamWLearningRate { get; init; }

    /// <summary>Weight decay, 0 or more; applied to matrices, not to biases and norms, unless <see cref="DecayAll"/>.</summary>
    public float WeightDecay { get; init; } = 0.1f;

    /// <summary>Whether biases and norms decay too, as in gpt.py.</summary>
    public bool DecayAll { get; init; }

    /// <summary>How much of AdamW's first moment is kept from step to step; 0 … below 1.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>How much of AdamW's second moment is kept from step to step; 0 … below 1.</summary>
    public float Beta2 { get; init; } = 0.95f;

    /// <summary>What AdamW adds to the root of the second moment; above 0.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>How much of the direction <c>sgd</c> and <c>muon</c> keep from step to step, 0 … below 1; null for their own: 0.9 and 0.95.</summary>
    public float? Momentum { get; init; }

    /// <summary>The norm that gradients are clipped to; 0 switches clipping off.</summary>
    public float ClipNorm { get; init; } = 1;

    /// <summary>Leaves the model as it is where the loss or the gradient norm lies so many standard deviations above the last 128; 0 never does.</summary>
    public float SkipOutliers { get; init; }

    /// <summary>The share of values that is dropped out, 0 … below 1; null for the model's own.</summary>
    public float? Dropout { get; init; }

    /// <summary>The layers that keep their weights, the first being 0.</summary>
    public IReadOnlyList<int> FreezeLayers { get; init; } = [];

    /// <summary>Whether the embeddings of tokens and positions keep their weights; a tied head is the former.</summary>
    public bool FreezeEmbedding { get; init; }

    /// <summary>Which values are dropped out.</summary>
    public ulong Seed { get; init; }

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="GptException"><c>TrainerOptionsInvalid</c>, <c>PluginNotFound</c>.</exception>
    public void Validate()
    {
        OptimizerCatalog.Registry.Get(Optimizer);
        Require(LearningRate > 0 && float.IsFinite(LearningRate), $"the learning rate {LearningRate} is not above 0");
        Require(AdamWLearningRate is null || (AdamWLearningRate > 0 && float.IsFinite(AdamWLearningRate.Value)), $"the learning rate {AdamWLearningRate} of the embeddings is not above 0");
        Require(WeightDecay >= 0 && float.IsFinite(WeightDecay), $"the weight decay {WeightDecay} is not 0 or more");
        Require(Beta1 is >= 0 and < 1 && Beta2 is >= 0 and < 1, $"the betas {Beta1} and {Beta2} are not 0 to below 1");
        Require(Epsilon > 0 && float.IsFinite(Epsilon), $"epsilon {Epsilon} is not above 0");
        Require(Momentum is null or (>= 0 and < 1), $"the momentum {Momentum} is not 0 to below 1");
        Require(ClipNorm >= 0, $"the maximum gradient norm {ClipNorm} is not 0 or more");
        Require(SkipOutliers >= 0, $"the threshold {SkipOutliers} for outliers is not 0 or more");
        Require(Dropout is null or (>= 0 and < 1), $"the dropout rate {Dropout} is not 0 to below 1");
    }

    internal static void Require(bool condition, FormattableString problem)
    {
        if (!condition)
            throw new GptException("TrainerOptionsInvalid", GptErrorKind.InvalidArgument, $"Training cannot start: {FormattableString.Invariant(problem)}. Correct the option.");
    }
}
