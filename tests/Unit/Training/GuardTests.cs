using PsGpt.Training;

namespace PsGpt.Unit.Training;

public sealed class GuardTests
{
    /// <summary>The score is llm.c's (<c>outlier_detector.h</c>): (x − mean) / deviation over the last 128 values, x among them.</summary>
    [Theory]
    [InlineData(-0.01, true)]
    [InlineData(0.01, false)]
    public void An_outlier_is_told_by_its_distance_from_the_last_128(double above, bool isOutlier)
    {
        const float Value = 5;
        var window = Enumerable.Range(1, 127).Select(Alternating).Append(Value).ToArray();
        var mean = window.Average();
        var score = (Value - mean) / Math.Sqrt(window.Average(value => (value - mean) * (value - mean)));
        var guard = new OutlierDetector((float)(score + above));
        for (var i = 0; i < 128; i++)
            Assert.False(guard.IsOutlier(Alternating(i), 0));
        Assert.Equal(isOutlier, guard.IsOutlier(Value, 0));
    }

    /// <summary>Behind the wrap of the window, each place of it was written once and some were written twice.</summary>
    [Theory]
    [InlineData(130)]
    [InlineData(128 + 127)]
    [InlineData(128 + 128)]
    [InlineData(128 + 129)]
    [InlineData((2 * 128) + 127)]
    public void The_window_holds_the_last_128_values_also_after_it_was_full_twice(int count)
    {
        var values = Enumerable.Range(0, count).Select(i => (float)Math.Sin(i * i) + (0.01f * i)).Append(9).ToArray();
        var window = values[^128..].Select(value => (double)value).ToArray();
        var (mean, last) = (window.Average(), window[^1]);
        var score = (last - mean) / Math.Sqrt(window.Average(value => (value - mean) * (value - mean)));
        Assert.True(IsOutlier(score - 1e-4));
        Assert.False(IsOutlier(score + 1e-4));

        bool IsOutlier(double threshold)
        {
            var detector = new OutlierDetector((float)threshold);
            foreach (var value in values[..^1])
                detector.IsOutlier(value, 0);
            Assert.Equal(values[^129..^1], detector.RecentLosses);
            var resumed = new OutlierDetector((float)threshold)
            {
                RecentLosses = detector.RecentLosses, RecentNorms = detector.RecentNorms,
            };
            var isOutlier = detector.IsOutlier(values[^1], 0);
            Assert.Equal(isOutlier, resumed.IsOutlier(values[^1], 0));
            return isOutlier;
        }
    }

    [Fact]
    public void A_norm_is_an_outlier_by_itself()
    {
        var detector = new OutlierDetector(5);
        for (var i = 0; i < 128; i++)
            Assert.False(detector.IsOutlier(0, Alternating(i)));
        Assert.False(detector.IsOutlier(0, 1));
        Assert.True(detector.IsOutlier(0, 100));
    }

    [Fact]
    public void An_outlying_step_leaves_the_weights_as_they_are_and_counts()
    {
        using var model = SmallTraining.NewModel();
        using var trainer = new Trainer(model, new TrainerOptions { SkipOutliers = 3, LearningRate = 1e-6f });
        for (var i = 0; i < 129; i++)
            Assert.False(trainer.Step(SmallTraining.Batch()).IsSkipped);
        model.Weights["lnfw"].Span.Fill(40);
        var before = SmallTraining.Weights(model);
        var step = trainer.Step(SmallTraining.Batch());
        Assert.True(step.IsSkipped);
        Assert.Equal(130, step.Step);
        Assert.Equal(before, SmallTraining.Weights(model));
    }

    [Fact]
    public void A_loss_that_is_no_number_stops_the_run_with_the_model_as_it_was()
    {
        using var model = SmallTraining.NewModel();
        model.Weights["fcw"].Span[3] = float.NaN;
        var before = SmallTraining.Weights(model);
        using var run = new TrainingRun(model, SmallTraining.NewDataset(), new TrainingRunOptions { SequenceLength = 8 });
        Assert.Equal("TrainingDiverged", Assert.Throws<GptException>(() => run.Steps().First()).ErrorId);
        Assert.Equal(before, SmallTraining.Weights(model));
        Assert.Equal(0, model.TrainingState.Step);
    }

    private static float Alternating(int i) => i % 2 == 0 ? 1 : -1;
}
