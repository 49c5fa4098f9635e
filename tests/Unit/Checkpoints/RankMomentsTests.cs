using PsGpt.Checkpoints;
using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Tensors;
using PsGpt.Training;
using PsGpt.Unit.Communication;
using PsGpt.Unit.Formats;
using PsGpt.Unit.Training;

namespace PsGpt.Unit.Checkpoints;

/// <summary>Moments that ranks hold in parts are the same file as those of one process, in which each value has its own place.</summary>
public sealed class RankMomentsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("adamw", 2)]
    [InlineData("adamw", 3)]
    [InlineData("muon", 3)]
    public void Parts_are_written_and_read_as_the_whole(string optimizer, int rankCount)
    {
        using var model = SmallTraining.NewModel();
        Fill(model, SmallTraining.NewModel().Weights.Shapes);
        Directory.CreateDirectory(folder["whole"]);
        MomentFile.Write(new CheckpointTarget(new SystemDisk(), folder["whole"]), model.TrainingState, CancellationToken.None);
        var wasRead = ThreadRanks.Run(rankCount, communicator =>
        {
            using var mine = SmallTraining.NewModel();
            var options = new TrainingRunOptions
            {
                Steps = 1, BatchSize = 1, SequenceLength = 8, Trainer = new() { Optimizer = optimizer },
            };
            using var run = new TrainingRun(mine, SmallTraining.NewDataset(), options, communicator: communicator);
            Fill(mine, run.MomentShapes);
            using (var file = communicator.Rank == 0 ? File.Create(folder["parts"]) : null)
                new MomentCollection(communicator, mine).Write(file);
            using var other = SmallTraining.NewModel();
            RankMoments.Read(communicator, new DirectorySource(folder["whole"]), other, run.MomentShapes);
            return Values(mine).SequenceEqual(Values(other));
        });
        Assert.Equal(File.ReadAllBytes(folder[$"whole/{MomentFile.Name}"]), File.ReadAllBytes(folder["parts"]));
        Assert.DoesNotContain(false, wasRead);
    }

    public void Dispose() => folder.Dispose();

    /// <summary>Gives a moment the value 1 + its place in the whole tensor, counted by plain loops over layers.</summary>
    private static void Fill(GptModel model, IReadOnlyList<TensorShape> shapes)
    {
        var moment = model.TrainingState.GetOrAddMoment("test.m", shapes);
        for (var i = 0; i < shapes.Count; i++)
        {
            var shape = shapes[i];
            var values = moment.Tensors[i].Span;
            var isLayered = shape.WholeLayerLength > 0;
            var length = isLayered ? values.Length / shape.Sizes[0] : values.Length;
            for (var k = 0; k < values.Length; k++)
            {
                var layer = length == 0 ? 0 : k / length;
                values[k] = 1 + (shape.Start + (layer * (isLayered ? shape.WholeLayerLength : 0)) + (k - (layer * length)));
            }
        }
    }

    private static float[] Values(GptModel model) =>
        [.. model.TrainingState.Moments["test.m"].Tensors.SelectMany(tensor => tensor.Span.ToArray())];
}
