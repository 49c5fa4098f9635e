using PsGpt.Training;

namespace PsGpt.Unit.Training;

public sealed class InitialLossTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_loss_before_the_first_step_is_measured_only_on_request(bool isRequested)
    {
        using var model = SmallTraining.NewModel();
        using var dataset = SmallTraining.NewDataset();
        var options = new TrainingRunOptions { Steps = 2, BatchSize = 2, SequenceLength = 8, ValidateFirst = isRequested };
        var expected = new LossEvaluator(model, dataset, options).Measure().Loss;
        using var run = new TrainingRun(model, dataset, options);
        var steps = run.Steps().ToArray();
        Assert.Equal(isRequested ? expected : (float?)null, steps[0].InitialValidationLoss);
        Assert.Null(steps[1].InitialValidationLoss);
        Assert.NotEqual(expected, steps[1].ValidationLoss);
    }
}
