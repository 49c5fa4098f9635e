namespace PsGpt.Evaluation;

/// <summary>How far a result of the engine is from the reference's.</summary>
/// <param name="Name">What was computed: <c>logits</c>, <c>loss</c>, the gradient of a tensor, or the loss of a step.</param>
/// <param name="LargestDifference">The largest absolute difference of any of its values.</param>
/// <param name="Tolerance">The largest difference that llm.c's <c>test_gpt2.c</c> accepts.</param>
public sealed record ReferenceDifference(string Name, float LargestDifference, float Tolerance)
{
    /// <summary>Whether the difference is below the tolerance; a result that is no number never is.</summary>
    public bool IsWithin => LargestDifference < Tolerance;
}
