namespace PsGpt.Training;

/// <summary>The own options of gradient descent with momentum (<c>torch.optim.SGD</c>).</summary>
public sealed record SgdOptions
{
    /// <summary>The share of the direction that is kept from step to step; 0 to below 1.</summary>
    public float Momentum { get; init; } = 0.9f;

    internal void Validate() => OptionCheck.OfStep.Require(Momentum is >= 0 and < 1, $"the momentum {Momentum} is not 0 to below 1");
}
