using System.Text.Json;
using PsGpt.Communication;
using PsGpt.Model;
using PsGpt.Training;
using PsGpt.Unit.Communication;

namespace PsGpt.Unit.Training;

/// <summary>The average of the weights that a run measures, samples from and ends with.</summary>
public sealed class WeightAverageTests
{
    private const float Decay = 0.8f;

    [Theory]
    [InlineData("adamw")]
    [InlineData("muon")]
    public void A_run_ends_with_the_average_of_the_formula_in_float64(string optimizer)
    {
        var options = Options(optimizer);
        using var plain = SmallTraining.NewModel();
        var average = Array.ConvertAll(SmallTraining.Weights(plain), value => (double)value);
        var losses = new List<float>();
        using (var run = NewRun(plain, options with { EmaDecay = 0 }))
        {
            foreach (var step in run.Steps())
            {
                losses.Add(step.Loss);
                var keep = Math.Min(Decay, (1.0 + step.Step) / (10.0 + step.Step));
                average = [.. average.Zip(SmallTraining.Weights(plain), (old, weight) => (keep * old) + ((1 - keep) * weight))];
            }
        }

        using var model = SmallTraining.NewModel();
        using (var run = NewRun(model, options))
            Assert.Equal(losses, run.Steps().Select(step => step.Loss));

        // Each of 50 steps rounds values below 2 once or twice: 50 · 2 · 2⁻²⁴ at most, and the decay itself by 2⁻²⁵.
        Assert.All(average.Zip(SmallTraining.Weights(model)), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 6e-6));
        Assert.NotEqual(SmallTraining.Weights(plain), SmallTraining.Weights(model));
    }

    [Fact]
    public void The_average_is_what_is_measured_and_sampled_from()
    {
        using var model = SmallTraining.NewModel();
        var options = Options("adamw") with { SampleInterval = 50 };
        var sampled = Array.Empty<float>();
        TrainingStep last;
        using (var run = NewRun(model, options, (_, _) => $"{(sampled = SmallTraining.Weights(model)).Length}"))
            last = run.Steps().Last();
        Assert.Equal(SmallTraining.Weights(model), sampled);
        using var dataset = SmallTraining.NewDataset();
        Assert.Equal(new LossEvaluator(model, dataset, options).Measure().Loss, last.ValidationLoss);
    }

    [Fact]
    public void The_best_model_is_the_average_of_its_step()
    {
        using var model = SmallTraining.NewModel();
        var options = Options("adamw") with { Patience = 1, ValidationInterval = 2, Steps = 400 };
        using var run = NewRun(model, options, keepsBest: true);
        var best = run.Steps().Min(step => step.ValidationLoss)!.Value;
        using var dataset = SmallTraining.NewDataset();
        Assert.NotEqual(best, new LossEvaluator(model, dataset, options).Measure().Loss);
        Assert.True(run.RestoreBest());
        Assert.Equal(best, new LossEvaluator(model, dataset, options).Measure().Loss);
    }

    [Fact]
    public void A_new_run_begins_with_the_average_of_the_one_before()
    {
        using var model = SmallTraining.NewModel();
        using (var run = NewRun(model, Options("sgd")))
            Assert.Equal(50, run.Steps().Count());
        using var copy = SmallTraining.NewModel();
        model.Weights.CopyTo(copy.Weights);
        copy.TrainingState.Step = model.TrainingState.Step;

        // Without momentum nothing but the weights is carried over.
        var losses = new[] { model, copy }.Select(trained =>
        {
            using var run = NewRun(trained, Options("sgd") with { EmaDecay = 0, Seed = 9 });
            return run.Steps().Select(step => step.Loss).ToArray();
        }).ToArray();
        Assert.Equal(losses[1], losses[0]);
        Assert.DoesNotContain(WeightAverage.MomentName, model.TrainingState.Moments.Keys);
    }

    [Theory]
    [InlineData(Decay)]
    [InlineData(0)]
    public void A_run_that_continues_trains_the_weights_and_not_their_average(float decayOfTheRest)
    {
        using var whole = SmallTraining.NewModel();
        using var parts = SmallTraining.NewModel();
        float[] expected;
        using (var run = NewRun(whole, Options("muon")))
            expected = [.. run.Steps().Select(step => step.Loss)];
        string progress;
        using (var run = NewRun(parts, Options("muon")))
        {
            Assert.Equal(20, run.Steps().Take(20).Count());
            progress = JsonSerializer.Serialize(run.Progress);
        }

        using (var run = NewRun(parts, Options("muon") with { EmaDecay = decayOfTheRest }))
        {
            run.Resume(JsonSerializer.Deserialize<TrainingProgress>(progress)!);
            Assert.Equal(expected.Skip(20), run.Steps().Select(step => step.Loss));
        }

        Assert.Equal(decayOfTheRest > 0, SmallTraining.Weights(whole).SequenceEqual(SmallTraining.Weights(parts)));
    }

    [Theory]
    [InlineData("adamw", 2)]
    [InlineData("muon", 3)]
    public void Ranks_end_with_the_average_of_one_process(string optimizer, int rankCount)
    {
        var options = RankRun.Options(optimizer) with { EmaDecay = Decay };
        var ranks = ThreadRanks.Run(rankCount, communicator => RankRun.Take(communicator, options));
        var alone = RankRun.Take(SingleProcess.Instance, RankRun.Together(options, rankCount));
        Assert.All(ranks, rank => Assert.Equal(ranks[0].Weights, rank.Weights));

        // As near as the weights of ranks and one process are: DistributedTrainingTests says why.
        Assert.All(alone.Weights.Zip(ranks[0].Weights), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 2e-3));
        var losses = RankRun.Losses(alone.Steps).Zip(RankRun.Losses(ranks[0].Steps));
        Assert.All(losses, pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-4));
    }

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(1f)]
    [InlineData(float.NaN)]
    public void A_decay_that_cannot_be_is_refused(float decay)
    {
        var error = Assert.Throws<GptException>(() => new TrainingRunOptions { EmaDecay = decay }.Validate());
        Assert.Equal("TrainingRunOptionsInvalid", error.ErrorId);
    }

    private static TrainingRunOptions Options(string optimizer) => new()
    {
        Steps = 50, BatchSize = 2, SequenceLength = 8, ValidationInterval = 7, ValidationBatches = 2, Seed = 5, EmaDecay = Decay,
        Trainer = new() { Optimizer = optimizer, LearningRate = 1e-2f, Dropout = 0.1f, Seed = 5, Sgd = new() { Momentum = 0 } },
    };

    private static TrainingRun NewRun(
        GptModel model, TrainingRunOptions options, Func<int, CancellationToken, string>? sampler = null, bool keepsBest = false) =>
        new(model, SmallTraining.NewDataset(), options) { Sampler = sampler, KeepsBest = keepsBest };
}
