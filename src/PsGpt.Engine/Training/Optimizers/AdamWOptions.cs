namespace PsGpt.Training;

/// <summary>AdamW's own options (Loshchilov and Hutter 2019). The defaults are nanoGPT's.</summary>
public sealed record AdamWOptions
{
    /// <summary>The decay rate of the first moment, the mean of the gradients; 0 to below 1.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>The decay rate of the second moment, the mean of their squares; 0 to below 1.</summary>
    public float Beta2 { get; init; } = 0.95f;

    /// <summary>The number that is added to the root of the second moment; above 0.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    internal void Validate()
    {
        OptionCheck.OfStep.Require(Beta1 is >= 0 and < 1 && Beta2 is >= 0 and < 1, $"the betas {Beta1} and {Beta2} are not 0 to below 1");
        OptionCheck.OfStep.Require(Epsilon > 0 && float.IsFinite(Epsilon), $"epsilon {Epsilon} is not above 0");
    }
}
