namespace PsGpt.Evaluation;

/// <summary>A model's answer to an example of multiple choice.</summary>
public sealed class ChoiceScore
{
    /// <summary>The number of the example in its data.</summary>
    public int Index { get; internal init; }

    /// <summary>The number of the right ending, from 0.</summary>
    public int Label { get; internal init; }

    /// <summary>The number of the likeliest ending: that of the lowest sum; of equal ones the first.</summary>
    public int Prediction { get; internal init; }

    /// <summary>The number of the ending of the lowest mean loss for each token, which does not prefer short ones.</summary>
    public int NormalizedPrediction { get; internal init; }

    /// <summary>Whether the likeliest ending is the right one.</summary>
    public bool IsCorrect => Prediction == Label;

    /// <summary>Whether the ending of the lowest mean loss is the right one.</summary>
    public bool IsNormalizedCorrect => NormalizedPrediction == Label;

    /// <summary>The surprisal of each ending in nats: −ln of its probability after the context.</summary>
    public IReadOnlyList<double> Sum { get; internal init; } = [];

    /// <summary>The mean loss of the tokens of each ending in nats.</summary>
    public IReadOnlyList<double> Loss { get; internal init; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"example {Index}: ending {Prediction}, right is {Label}";
}
