using PsGpt.Model;
using PsGpt.Training;
using PsGpt.Unit.Training;

namespace PsGpt.Unit.Model;

public sealed class TrainingStateTests
{
    [Fact]
    public void A_disposed_state_gives_no_moments_so_that_no_checkpoint_is_written_without_them()
    {
        using var model = SmallTraining.NewModel();
        var state = new TrainingState();
        using (var trainer = new Trainer(model, new TrainerOptions(), state: state))
            trainer.Step(SmallTraining.Batch());
        state.Dispose();
        Assert.Throws<ObjectDisposedException>(state.Lease);
        Assert.Throws<ObjectDisposedException>(() => state.GetOrAddMoment("adamw.m", model.Weights.Shapes));
    }

    [Fact]
    public void A_trainer_continues_from_the_state_that_it_is_given()
    {
        using GptModel model = SmallTraining.NewModel(), twin = SmallTraining.NewModel();
        using var state = new TrainingState();
        for (var i = 0; i < 3; i++)
        {
            using Trainer given = new(model, new TrainerOptions(), state: state), own = new(twin, new TrainerOptions());
            Assert.Equal(own.Step(SmallTraining.Batch(i)).Loss, given.Step(SmallTraining.Batch(i)).Loss);
        }

        Assert.Equal((3, 0, 3), (state.Step, model.TrainingState.Step, twin.TrainingState.Step));
        Assert.Equal(["adamw.m", "adamw.v"], state.Moments.Keys);
        Assert.Empty(model.TrainingState.Moments);
        Assert.Equal(SmallTraining.Weights(twin), SmallTraining.Weights(model));
    }
}
