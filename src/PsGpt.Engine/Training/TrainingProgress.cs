using PsGpt.Data;

namespace PsGpt.Training;

/// <summary>
/// How far a run is: everything that going on with it needs beside the weights, the optimizer's moments and the options. Plain
/// numbers that System.Text.Json writes and reads exactly.
/// </summary>
public sealed record TrainingProgress
{
    /// <summary>The step that the model stands at, counted over the whole life of its training.</summary>
    public int Step { get; init; }

    /// <summary>How many steps of this run are done.</summary>
    public int RunStep { get; init; }

    /// <summary>How often the text has been gone through in this run.</summary>
    public double Epoch { get; init; }

    /// <summary>How many batches this run has taken, those of all processes that train together; 0 where that was not counted.</summary>
    public long BatchCount { get; init; }

    /// <summary>Where the next batch comes from.</summary>
    public BatchPosition Position { get; init; } = new();

    /// <summary>The lowest loss on held-out text so far; null where none was measured.</summary>
    public float? BestValidationLoss { get; init; }

    /// <summary>How many measurements there have been since the lowest one; 0 right after it.</summary>
    public int EvaluationsWithoutImprovement { get; init; }

    /// <summary>The losses that the next one is compared with, the oldest first; empty where outliers are not looked for.</summary>
    public IReadOnlyList<float> RecentLosses { get; init; } = [];

    /// <summary>The gradient norms that the next one is compared with, the oldest first.</summary>
    public IReadOnlyList<float> RecentGradientNorms { get; init; } = [];

    /// <summary>How long the run has taken so far.</summary>
    public double ElapsedSeconds { get; init; }
}
