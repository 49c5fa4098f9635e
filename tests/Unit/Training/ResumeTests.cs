using System.Text.Json;
using PsGpt.Data;
using PsGpt.Training;

namespace PsGpt.Unit.Training;

public sealed class ResumeTests
{
    public static TheoryData<string, BatchOrder> Cases
    {
        get
        {
            var cases = new TheoryData<string, BatchOrder>();
            foreach (var optimizer in new[] { "adamw", "muon", "sgd" })
            {
                foreach (var order in Enum.GetValues<BatchOrder>())
                    cases.Add(optimizer, order);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_run_in_two_parts_ends_with_the_same_bits(string optimizer, BatchOrder order)
    {
        // Long enough that the window of the outliers is full and moves, and that the text is gone through several times.
        var options = Options(optimizer, order);
        using var whole = SmallTraining.NewModel();
        using var parts = SmallTraining.NewModel();
        TrainingStep[] expected;
        using (var dataset = SmallTraining.NewDataset())
        using (var run = new TrainingRun(whole, dataset, options))
            expected = [.. run.Steps()];

        string stored;
        using (var dataset = SmallTraining.NewDataset())
        using (var run = new TrainingRun(parts, dataset, options))
        {
            Assert.Equal(140, run.Steps().Take(140).Count());
            stored = JsonSerializer.Serialize(run.Progress);
        }

        using (var dataset = SmallTraining.NewDataset())
        using (var run = new TrainingRun(parts, dataset, options))
        {
            run.Resume(JsonSerializer.Deserialize<TrainingProgress>(stored)!);
            var rest = run.Steps().ToArray();
            Assert.Equal(expected.Skip(140).Select(Numbers), rest.Select(Numbers));
        }

        Assert.Contains(expected, step => step.IsSkipped);
        Assert.Equal(SmallTraining.Weights(whole), SmallTraining.Weights(parts));
    }

    [Fact]
    public void Options_come_back_from_json_as_they_were()
    {
        var trainer = new TrainerOptions { FreezeLayers = [0, 2], Muon = new() { Momentum = 0.8f } };
        var options = Options("muon", BatchOrder.Shuffled) with { Steps = null, Epochs = 0.1, Trainer = trainer };
        var stored = JsonSerializer.Serialize(options);
        Assert.Equal(stored, JsonSerializer.Serialize(JsonSerializer.Deserialize<TrainingRunOptions>(stored)));
        Assert.Contains("\"FreezeLayers\":[0,2]", stored, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_step_is_no_progress()
    {
        using var model = SmallTraining.NewModel();
        using var dataset = SmallTraining.NewDataset();
        using var run = new TrainingRun(model, dataset, Options("adamw", BatchOrder.Random));
        using var stop = new CancellationTokenSource();
        using var steps = run.Steps(stop.Token).GetEnumerator();
        Assert.True(steps.MoveNext());
        var before = run.Progress with { ElapsedSeconds = 0 };
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => steps.MoveNext());
        Assert.Equal(JsonSerializer.Serialize(before), JsonSerializer.Serialize(run.Progress with { ElapsedSeconds = 0 }));
    }

    [Fact]
    public void Progress_that_does_not_fit_is_refused()
    {
        using var model = SmallTraining.NewModel();
        using var dataset = SmallTraining.NewDataset();
        using var run = new TrainingRun(model, dataset, Options("adamw", BatchOrder.Sequential));
        string ErrorOf(TrainingProgress progress) => Assert.Throws<GptException>(() => run.Resume(progress)).ErrorId;
        Assert.Equal("CheckpointMismatch", ErrorOf(new() { Step = 1 }));
        Assert.Equal("CheckpointMismatch", ErrorOf(new() { Position = new() { Place = 7 } }));
        Assert.Equal("CheckpointMismatch", ErrorOf(new() { Position = new() { Place = 16 * 1000 } }));
        Assert.Equal("CheckpointMismatch", ErrorOf(new() { Position = new() { Shard = 1 } }));
    }

    private static TrainingRunOptions Options(string optimizer, BatchOrder order) => new()
    {
        Steps = 220, BatchSize = 2, SequenceLength = 8, Accumulation = 2, Order = order, ValidationInterval = 7, ValidationBatches = 2,
        Schedule = "cosine", WarmupSteps = 5, Seed = 5,
        Trainer = new() { Optimizer = optimizer, LearningRate = 1e-2f, Dropout = 0.1f, SkipOutliers = 0.8f, Seed = 5 },
    };

    /// <summary>What of a step does not depend on the clock.</summary>
    private static object Numbers(TrainingStep step) =>
        (step.Step, step.Loss, step.ValidationLoss, step.LearningRate, step.GradientNorm, step.Epoch, step.IsSkipped);
}
