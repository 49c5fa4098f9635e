namespace PsGpt.Training;

/// <summary>How a model is trained. The defaults are AdamW's as nanoGPT uses it.</summary>
public sealed record TrainerOptions
{
    /// <summary>The learning rate; above 0.</summary>
    public float LearningRate { get; init; } = 3e-4f;

    /// <summary>Weight decay, 0 or more; applied to matrices, not to biases and norms, unless <see cref="DecaysAll"/>.</summary>
    public float WeightDecay { get; init; } = 0.1f;

    /// <summary>Whether biases and norms decay too, as in gpt.py.</summary>
    public bool DecaysAll { get; init; }

    /// <summary>How much of the first moment is kept from step to step; 0 … below 1.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>How much of the second moment is kept from step to step; 0 … below 1.</summary>
    public float Beta2 { get; init; } = 0.95f;

    /// <summary>What is added to the root of the second moment; above 0.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>The norm that gradients are clipped to; 0 switches clipping off.</summary>
    public float MaximumGradientNorm { get; init; } = 1;

    /// <summary>Which values are dropped out, where the model has dropout.</summary>
    public ulong Seed { get; init; }

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="GptException"><c>TrainerOptionsInvalid</c>.</exception>
    public void Validate()
    {
        Require(LearningRate > 0 && float.IsFinite(LearningRate), $"the learning rate {LearningRate} is not above 0");
        Require(WeightDecay >= 0 && float.IsFinite(WeightDecay), $"the weight decay {WeightDecay} is not 0 or more");
        Require(Beta1 is >= 0 and < 1 && Beta2 is >= 0 and < 1, $"the betas {Beta1} and {Beta2} are not 0 to below 1");
        Require(Epsilon > 0 && float.IsFinite(Epsilon), $"epsilon {Epsilon} is not above 0");
        Require(MaximumGradientNorm >= 0, $"the maximum gradient norm {MaximumGradientNorm} is not 0 or more");
    }

    private static void Require(bool condition, string problem)
    {
        if (!condition)
            throw new GptException("TrainerOptionsInvalid", GptErrorKind.InvalidArgument, FormattableString.Invariant($"Training cannot start: {problem}. Correct the option."));
    }
}
