using PsGpt.Training;

namespace PsGpt.Unit.Training;

public sealed class LearningRatePlanTests
{
    /// <summary>nanoGPT, train.py, <c>get_lr</c>, whose first iteration is 0.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(20)]
    [InlineData(100)]
    public void A_cosine_after_a_warm_up_is_that_of_nanoGPT(int warmup)
    {
        const int Count = 20;
        const double Peak = 1e-2, Least = 1e-3;
        using var model = SmallTraining.NewModel();
        var options = new TrainingRunOptions
        {
            Steps = Count, SequenceLength = 8, ValidationInterval = 0, Schedule = "cosine", WarmupSteps = warmup,
            MinLearningRate = (float)Least, Trainer = new() { LearningRate = (float)Peak },
        };
        using var run = new TrainingRun(model, SmallTraining.NewDataset(), options);
        foreach (var step in run.Steps())
        {
            var expected = step.Step <= warmup ? Peak * step.Step / warmup
                : Least + (0.5 * (1 + Math.Cos(Math.PI * (step.Step - 1 - warmup) / (Count - warmup))) * (Peak - Least));
            Assert.Equal(expected, step.LearningRate, 1e-8);
        }
    }
}
