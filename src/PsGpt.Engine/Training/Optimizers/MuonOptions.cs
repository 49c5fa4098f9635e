namespace PsGpt.Training;

/// <summary>Muon's own options (Keller Jordan 2024). Muon updates the matrices of the layers and leaves the rest to AdamW.</summary>
public sealed record MuonOptions
{
    /// <summary>The share of the direction that is kept from step to step; 0 to below 1.</summary>
    public float Momentum { get; init; } = 0.95f;

    /// <summary>
    /// AdamW's learning rate for embeddings, norms, biases and the head, above 0; null for that of the matrices. It follows the
    /// schedule too.
    /// </summary>
    public float? AdamWLearningRate { get; init; }

    internal void Validate()
    {
        OptionCheck.OfStep.Require(Momentum is >= 0 and < 1, $"the momentum {Momentum} is not 0 to below 1");
        OptionCheck.OfStep.Require(
            AdamWLearningRate is null || (AdamWLearningRate > 0 && float.IsFinite(AdamWLearningRate.Value)),
            $"AdamW's learning rate {AdamWLearningRate} is not above 0");
    }
}
