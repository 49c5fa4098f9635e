namespace PsGpt.Evaluation;

/// <summary>The distance between a result of the engine and the reference's.</summary>
/// <param name="Name">The result: <c>logits</c>, <c>loss</c>, the gradient of a tensor, or the loss of a step.</param>
/// <param name="LargestDifference">The largest absolute difference between two values.</param>
/// <param name="Tolerance">The limit that llm.c's <c>test_gpt2.c</c> sets.</param>
public sealed record ReferenceDifference(string Name, float LargestDifference, float Tolerance)
{
    /// <summary>Whether the difference is below the tolerance; NaN never is.</summary>
    public bool IsWithin => LargestDifference < Tolerance;
}
