using System.Globalization;

namespace PsGpt.Evaluation;

/// <summary>How many examples of multiple choice a model answers rightly.</summary>
public sealed class ChoiceSummary
{
    /// <summary>Begins a count.</summary>
    /// <param name="source">The file of the examples, or null.</param>
    public ChoiceSummary(string? source = null) => Source = source;

    /// <summary>The file of the examples, or null.</summary>
    public string? Source { get; }

    /// <summary>The number of examples.</summary>
    public int ExampleCount { get; private set; }

    /// <summary>The number of examples whose likeliest ending is the right one.</summary>
    public int CorrectCount { get; private set; }

    /// <summary>The number of examples whose ending of the lowest mean loss is the right one.</summary>
    public int NormalizedCorrectCount { get; private set; }

    /// <summary>The share of examples whose likeliest ending is the right one, 0 to 1; lm-evaluation-harness calls it acc.</summary>
    public double Accuracy => (double)CorrectCount / ExampleCount;

    /// <summary>The share of examples whose ending of the lowest mean loss is the right one, 0 to 1; llm.c reports this one.</summary>
    public double NormalizedAccuracy => (double)NormalizedCorrectCount / ExampleCount;

    /// <summary>Counts an example.</summary>
    public void Add(ChoiceScore score)
    {
        ArgumentNullException.ThrowIfNull(score);
        ExampleCount++;
        CorrectCount += score.IsCorrect ? 1 : 0;
        NormalizedCorrectCount += score.IsNormalizedCorrect ? 1 : 0;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{NormalizedCorrectCount} of {ExampleCount} right, {CorrectCount} by the sum");
}
