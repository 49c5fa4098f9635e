namespace PsGpt.Evaluation;

/// <summary>The distance between a result of the engine and the reference's.</summary>
public sealed class ReferenceDifference
{
    internal ReferenceDifference(string name, float largestDifference, float tolerance) =>
        (Name, LargestDifference, Tolerance) = (name, largestDifference, tolerance);

    /// <summary>The result: <c>logits</c>, <c>loss</c>, the gradient of a tensor, or the loss of a step.</summary>
    public string Name { get; }

    /// <summary>The largest absolute difference between two values.</summary>
    public float LargestDifference { get; }

    /// <summary>The limit that llm.c's <c>test_gpt2.c</c> sets.</summary>
    public float Tolerance { get; }

    /// <summary>Whether the difference is below the tolerance; NaN never is.</summary>
    public bool IsWithin => LargestDifference < Tolerance;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Name}: {LargestDifference} of {Tolerance}");
}
