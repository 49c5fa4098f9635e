using PsGpt.Training;

namespace PsGpt.Unit.Training;

public sealed class BestStateTests
{
    [Theory]
    [InlineData("adamw")]
    [InlineData("muon")]
    public void A_training_that_goes_back_goes_on_as_one_that_never_went_further(string optimizer)
    {
        var options = new TrainerOptions { Optimizer = optimizer };
        using var straight = SmallTraining.NewModel();
        using (var trainer = new Trainer(straight, options))
        {
            for (var step = 0; step < 4; step++)
                trainer.Step(SmallTraining.Batch(step));
        }

        using var model = SmallTraining.NewModel();
        using var best = new BestState(model);
        using (var trainer = new Trainer(model, options))
        {
            Assert.False(best.Restore());
            for (var step = 0; step < 6; step++)
            {
                trainer.Step(SmallTraining.Batch(step));
                if (step is 0 or 2)
                    best.Keep();
            }

            Assert.True(best.Restore());
            Assert.Equal(3, model.TrainingState.Step);
            Assert.Equal(4, trainer.Step(SmallTraining.Batch(3)).Step);
        }

        Assert.Equal(SmallTraining.Weights(straight), SmallTraining.Weights(model));
    }
}
