using PsGpt.Checkpoints;
using PsGpt.Data;
using PsGpt.Model;
using PsGpt.Training;
using PsGpt.Unit.Training;

namespace PsGpt.Unit.Checkpoints;

/// <summary>A run with checkpoints that takes a moment.</summary>
internal static class SmallRun
{
    public static TrainingRunOptions Options { get; } = new()
    {
        Steps = 40, BatchSize = 2, SequenceLength = 8, ValidationInterval = 7, ValidationBatches = 2, Seed = 5,
        Trainer = new() { LearningRate = 1e-2f, Dropout = 0.1f, Seed = 5 },
    };

    /// <summary>Takes up to so many steps into a directory, going on from what is there if that is asked for.</summary>
    /// <returns>The steps and the warnings.</returns>
    public static (TrainingStep[] Steps, string[] Warnings) Take(
        int count, GptModel model, string path, bool resume = false, TrainingRunOptions? options = null, TokenDataset? dataset = null,
        int interval = 10, int keep = 1, ICheckpointDisk? disk = null)
    {
        var warnings = new List<string>();
        return (
            [.. Steps(model, path, resume, options ?? Options, interval, warnings.Add, dataset, keep, disk).Take(count)], [.. warnings]);
    }

    public static IEnumerable<TrainingStep> Steps(
        GptModel model, string path, bool resume, TrainingRunOptions options, int interval, Action<string> warn,
        TokenDataset? dataset = null, int keep = 1, ICheckpointDisk? disk = null)
    {
        using var store = new CheckpointStore(path, disk ?? new SystemDisk());
        using var run = new TrainingRun(model, dataset ?? SmallTraining.NewDataset(), options);
        var checkpointed = new CheckpointedRun(run, store, new CheckpointOptions { CheckpointInterval = interval, Keep = keep });
        if (resume && store.FindNewest(warn) is { } checkpoint)
            checkpointed.Resume(checkpoint, warn);
        foreach (var step in checkpointed.Steps())
            yield return step;
    }

    public static string[] Names(string path) =>
        [.. new DirectoryInfo(path).EnumerateFileSystemInfos().Select(info => info.Name).Order(StringComparer.Ordinal)];

    /// <summary>What of a step does not depend on the clock.</summary>
    public static object Numbers(TrainingStep step) =>
        (step.Step, step.Loss, step.ValidationLoss, step.LearningRate, step.GradientNorm, step.Epoch, step.IsSkipped);
}
