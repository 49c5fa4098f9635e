using PsGpt.Checkpoints;
using PsGpt.Communication;
using PsGpt.Training;
using PsGpt.Unit.Formats;
using PsGpt.Unit.Training;

namespace PsGpt.Unit.Checkpoints;

public sealed class MomentCollectionTests
{
    [Theory]
    [InlineData("adamw")]
    [InlineData("muon")]
    [InlineData("sgd")]
    public void Moments_of_a_group_are_in_the_file_that_one_process_writes(string optimizer)
    {
        using var model = SmallTraining.NewModel();
        using var trainer = new Trainer(model, new TrainerOptions { Optimizer = optimizer, FreezeLayers = [0] });
        trainer.Step(SmallTraining.Batch());
        var files = new MemoryFiles();
        MomentFile.Write(files, model.TrainingState, CancellationToken.None);
        using var collected = new MemoryStream();
        new MomentCollection(SingleProcess.Instance, model).Write(collected);
        Assert.Equal(files[MomentFile.Name], collected.ToArray());
    }
}
