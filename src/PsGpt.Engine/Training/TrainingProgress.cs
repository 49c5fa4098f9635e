using PsGpt.Data;

namespace PsGpt.Training;

/// <summary>
/// The progress of a run: the numbers that it needs to continue, beside the weights, the optimizer's moments and the options.
/// System.Text.Json writes and reads them exactly.
/// </summary>
public sealed record TrainingProgress
{
    /// <summary>The number of the model's finished steps, over the whole life of its training.</summary>
    public int Step { get; init; }

    /// <summary>The number of finished steps of this run.</summary>
    public int RunStep { get; init; }

    /// <summary>The number of passes over the text in this run.</summary>
    public double Epoch { get; init; }

    /// <summary>The number of batches of this run, those of all processes that train together; 0 if it was not counted.</summary>
    public long BatchCount { get; init; }

    /// <summary>The place of the next batch.</summary>
    public BatchPosition Position { get; init; } = new();

    /// <summary>The lowest loss on held-out text so far; null if none was measured.</summary>
    public float? BestValidationLoss { get; init; }

    /// <summary>The number of measurements since the lowest one; 0 right after it.</summary>
    public int EvaluationsWithoutImprovement { get; init; }

    /// <summary>The losses that the next one is compared with, the oldest first; empty if outliers are not detected.</summary>
    public IReadOnlyList<float> RecentLosses { get; init; } = [];

    /// <summary>The gradient norms that the next one is compared with, the oldest first.</summary>
    public IReadOnlyList<float> RecentGradientNorms { get; init; } = [];

    /// <summary>The time of the run so far.</summary>
    public double ElapsedSeconds { get; init; }
}
