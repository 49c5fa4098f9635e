namespace PsGpt.Data;

/// <summary>A question of multiple choice: a context and its endings, one of which is right.</summary>
public sealed record ChoiceExample
{
    /// <summary>The number of the example in its data.</summary>
    public int Index { get; init; }

    /// <summary>The number of the right ending, from 0.</summary>
    public int Label { get; init; }

    /// <summary>The ids of the context, at least one.</summary>
    public required int[] Context { get; init; }

    /// <summary>The ids of each ending, at least one each.</summary>
    public required IReadOnlyList<int[]> Endings { get; init; }

    /// <summary>Returns why the example cannot be used, or null.</summary>
    internal string? FindProblem() =>
        Context.Length == 0 ? "its context is empty"
        : Endings.Count < 2 ? "it has less than two endings"
        : Endings.Any(ending => ending.Length == 0) ? "an ending is empty"
        : (uint)Label >= (uint)Endings.Count ? $"its label {Label} names none of its {Endings.Count} endings"
        : null;
}
