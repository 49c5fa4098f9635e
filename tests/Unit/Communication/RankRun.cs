using PsGpt.Communication;
using PsGpt.Data;
using PsGpt.Training;
using PsGpt.Unit.Training;

namespace PsGpt.Unit.Communication;

/// <summary>What one rank found in a run: the numbers of its steps, its weights at the end, and how many moments it holds.</summary>
internal sealed record RankRun(string[] Steps, float[] Weights, long MomentCount)
{
    /// <summary>A run in which everything is on that differs between ranks: dropout, accumulation, clipping, validation.</summary>
    public static TrainingRunOptions Options(string optimizer, int steps = 40, BatchOrder order = BatchOrder.Random) => new()
    {
        Steps = steps, BatchSize = 2, SequenceLength = 8, Accumulation = 2, Order = order, Seed = 5,
        ValidationInterval = 10, ValidationBatches = 3,
        Trainer = new() { Optimizer = optimizer, LearningRate = 3e-3f, Dropout = 0.1f, ClipNorm = 0.5f, Seed = 5 },
    };

    /// <summary>The options of one process that takes the batches of all ranks.</summary>
    public static TrainingRunOptions Together(TrainingRunOptions options, int rankCount) =>
        options with { Accumulation = options.Accumulation * rankCount };

    public static RankRun Take(ICommunicator communicator, TrainingRunOptions options, TokenDataset? dataset = null)
    {
        using var model = SmallTraining.NewModel();
        using var run = new TrainingRun(model, dataset ?? SmallTraining.NewDataset(), options, communicator: communicator);
        var steps = run.Steps().Select(step => FormattableString.Invariant(
            $"{step.Step} {step.Loss:R} {step.GradientNorm:R} {step.ValidationLoss:R} {step.Epoch:R}")).ToArray();
        return new(steps, SmallTraining.Weights(model), model.TrainingState.Moments.Values.Sum(moment => (long)moment.Block.Length));
    }

    /// <summary>The losses of steps, and those of held-out text where they were measured.</summary>
    public static double[] Losses(IEnumerable<string> steps) => [.. steps.SelectMany(step => step.Split(' ') is var columns
        ? new[] { columns[1], columns[3] }.Where(text => text.Length > 0).Select(text => double.Parse(text)) : [])];
}
