using System.Text.Json;
using PsGpt.Communication;
using PsGpt.Data;
using PsGpt.Training;
using PsGpt.Unit.Communication;

namespace PsGpt.Unit.Training;

/// <summary>Rows that are short in the first steps of a run.</summary>
public sealed class SequenceWarmupTests
{
    [Fact]
    public void Rows_are_cut_into_eighths_then_quarters_then_halves()
    {
        var text = new TokenSequence(SmallTraining.Text(400));
        var whole = new RandomDataLoader(text, 3, 16, seed: 4);
        var warmup = new SequenceWarmup(new RandomDataLoader(text, 3, 16, seed: 4), stepCount: 7);
        var lengths = new List<int>();
        for (var step = 1; step <= 9; step++)
        {
            warmup.Step = step;
            var (expected, batch) = (whole.Next(), warmup.Next());
            lengths.Add(batch.SequenceLength);
            Assert.Equal(3 * 16 / batch.SequenceLength, batch.BatchSize);
            Assert.Equal(expected.Inputs, batch.Inputs);
            Assert.Equal(expected.Targets, batch.Targets);
            Assert.Equal(whole.Position, warmup.Position);
        }

        Assert.Equal([2, 2, 2, 4, 4, 8, 8, 16, 16], lengths);
    }

    [Fact]
    public void Held_out_text_is_measured_in_whole_rows_and_changes_no_step()
    {
        using var model = SmallTraining.NewModel();
        using var other = SmallTraining.NewModel();
        using var dataset = SmallTraining.NewDataset();
        using (var run = new TrainingRun(model, dataset, Options with { ValidationInterval = 2 }))
        {
            var step = run.Steps().Take(4).Last();
            Assert.Equal(run.Model.TrainingState.Step, step.Step);
        }

        TrainingStep last;
        using (var run = new TrainingRun(other, dataset, Options with { ValidationInterval = 4 }))
            last = run.Steps().Take(4).Last();
        Assert.Equal(new LossEvaluator(other, dataset, Options).Measure().Loss, last.ValidationLoss);
        Assert.Equal(SmallTraining.Weights(model), SmallTraining.Weights(other));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    public void A_run_in_two_parts_ends_with_the_same_bits(int firstPart)
    {
        using var whole = SmallTraining.NewModel();
        using var parts = SmallTraining.NewModel();
        using var dataset = SmallTraining.NewDataset();
        using (var run = new TrainingRun(whole, dataset, Options))
            Assert.Equal(30, run.Steps().Count());
        string progress;
        using (var run = new TrainingRun(parts, dataset, Options))
        {
            Assert.Equal(firstPart, run.Steps().Take(firstPart).Count());
            progress = JsonSerializer.Serialize(run.Progress);
        }

        using (var run = new TrainingRun(parts, dataset, Options))
        {
            run.Resume(JsonSerializer.Deserialize<TrainingProgress>(progress)!);
            Assert.Equal(30 - firstPart, run.Steps().Count());
        }

        Assert.Equal(SmallTraining.Weights(whole), SmallTraining.Weights(parts));
    }

    [Fact]
    public void Ranks_cut_their_rows_as_one_process_cuts_all()
    {
        var options = RankRun.Options("adamw") with { SequenceWarmupSteps = 30 };
        var ranks = ThreadRanks.Run(2, communicator => RankRun.Take(communicator, options));
        var alone = RankRun.Take(SingleProcess.Instance, RankRun.Together(options, 2));

        // DistributedTrainingTests says why not nearer.
        var losses = RankRun.Losses(alone.Steps).Zip(RankRun.Losses(ranks[0].Steps));
        Assert.All(losses, pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-4));
    }

    [Theory]
    [InlineData(-1, 8)]
    [InlineData(1, 7)]
    public void What_cannot_be_cut_is_refused(int stepCount, int sequenceLength)
    {
        using var model = SmallTraining.NewModel();
        using var dataset = SmallTraining.NewDataset();
        var options = Options with { SequenceWarmupSteps = stepCount, SequenceLength = sequenceLength };
        var error = Assert.Throws<GptException>(() => new TrainingRun(model, dataset, options));
        Assert.Equal("TrainingRunOptionsInvalid", error.ErrorId);
    }

    private static TrainingRunOptions Options { get; } = new()
    {
        Steps = 30, BatchSize = 2, SequenceLength = 8, SequenceWarmupSteps = 15, ValidationInterval = 3, ValidationBatches = 2, Seed = 5,
        Trainer = new() { LearningRate = 1e-2f, Dropout = 0.1f, Seed = 5 },
    };
}
