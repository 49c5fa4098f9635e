namespace PsGpt.Inspection;

/// <summary>An input or output of an operator, named as in llm.c.</summary>
/// <param name="Name">The name, such as <c>inp</c>.</param>
/// <param name="Shape">The axes, such as <c>(B, T, C)</c>; empty for a number.</param>
/// <param name="Description">Its meaning in a few words.</param>
/// <param name="Default">The number that is taken where none is given; null where one must be given, or for tensors.</param>
/// <param name="IsOptional">Whether the operator runs without it.</param>
public sealed record OperatorArgument(string Name, string Shape, string Description, float? Default = null, bool IsOptional = false)
{
    /// <inheritdoc/>
    public override string ToString() => Shape.Length == 0 ? $"{Name} = {Default}" : $"{Name} {Shape}";
}
