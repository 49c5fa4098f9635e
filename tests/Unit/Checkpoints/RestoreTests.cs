using PsGpt.Checkpoints;
using PsGpt.Communication;
using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Training;
using PsGpt.Unit.Communication;
using PsGpt.Unit.Formats;
using PsGpt.Unit.Training;

namespace PsGpt.Unit.Checkpoints;

/// <summary>A checkpoint is read whole before the model gets any of it.</summary>
public sealed class RestoreTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly GptModel trained = SmallTraining.NewModel();

    public RestoreTests() => SmallRun.Take(3, trained, folder["run"]);

    private Checkpoint Whole => Checkpoint.Open(folder["run/step-00000003"]);

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_disk_that_fails_at_any_read_leaves_weights_moments_and_step_as_they_were(int stepsBefore)
    {
        using var model = ModelInitializer.Create(SmallTraining.Configuration, null, seed: 7);
        if (stepsBefore > 0)
            SmallRun.Take(stepsBefore, model, folder["before"]);
        var before = State(model);
        var checkpoint = Whole;
        var isRestored = false;
        for (var reads = 0; !isRestored; reads++)
        {
            try
            {
                checkpoint.Restore(new FailingSource(checkpoint.Path, reads), model, CancellationToken.None);
                isRestored = true;
            }
            catch (GptException exception)
            {
                Assert.Equal("ReadFailed", exception.ErrorId);
                Assert.Equal(before, State(model));
            }
        }

        Assert.Equal(State(trained), State(model));
    }

    [Fact]
    public void A_disk_that_fails_at_any_read_of_rank_0_fails_on_all_ranks_and_leaves_their_models()
    {
        var checkpoint = Whole;
        var isRestored = false;
        for (var reads = 0; !isRestored; reads++)
        {
            var disk = new FailingSource(checkpoint.Path, reads);
            isRestored = ThreadRanks.Run(3, communicator => RestoreOn(communicator, disk)).All(isWhole => isWhole);
        }
    }

    /// <summary>Restores on one rank. A failure must be that of all ranks, and must leave the model as it was.</summary>
    /// <returns>Whether it was restored.</returns>
    private bool RestoreOn(ICommunicator communicator, FailingSource disk)
    {
        using var model = ModelInitializer.Create(SmallTraining.Configuration, null, seed: 7);
        using var run = new TrainingRun(model, SmallTraining.NewDataset(), SmallRun.Options, communicator: communicator);
        var before = State(model);
        try
        {
            RankCheckpoint.Restore(run, disk, step: 3);
            Assert.Equal(SmallTraining.Weights(trained), SmallTraining.Weights(model));
            Assert.Equal(3, model.TrainingState.Step);
            return true;
        }
        catch (GptException exception)
        {
            Assert.Equal("ReadFailed", exception.ErrorId);
            Assert.True(RankAgreement.IsOfAllRanks(exception));
            Assert.Equal(before, State(model));
            return false;
        }
    }

    [Fact]
    public void A_cancelled_restore_leaves_the_model_as_it_was()
    {
        using var model = ModelInitializer.Create(SmallTraining.Configuration, null, seed: 7);
        var before = State(model);
        Assert.ThrowsAny<OperationCanceledException>(() => Whole.Restore(model, new CancellationToken(canceled: true)));
        Assert.Equal(before, State(model));
    }

    [Fact]
    public void A_run_that_cannot_be_resumed_leaves_the_step_of_the_model()
    {
        using var model = SmallTraining.NewModel();
        var checkpoint = Whole;
        using var run = new TrainingRun(model, SmallTraining.NewDataset(), SmallRun.Options);
        using var store = new CheckpointStore(folder["other"]);
        File.Delete(folder["run/step-00000003/optimizer.safetensors"]);
        Assert.Throws<GptException>(() => new CheckpointedRun(run, store, new CheckpointOptions()).Resume(checkpoint, Assert.Fail));
        Assert.Equal(0, model.TrainingState.Step);
        Assert.Equal(SmallTraining.Weights(SmallTraining.NewModel()), SmallTraining.Weights(model));
    }

    public void Dispose()
    {
        trained.Dispose();
        folder.Dispose();
    }

    private static string State(GptModel model)
    {
        var moments = from moment in model.TrainingState.Moments.OrderBy(moment => moment.Key, StringComparer.Ordinal)
                      select $"{moment.Key}: {string.Join(' ', moment.Value.Tensors.SelectMany(tensor => tensor.Span.ToArray()))}";
        return FormattableString.Invariant(
            $"{model.TrainingState.Step}: {string.Join(' ', SmallTraining.Weights(model))}\n{string.Join('\n', moments)}");
    }

    /// <summary>The files of a directory on a disk that fails after so many reads.</summary>
    private sealed class FailingSource(string path, int reads) : IFileSource
    {
        private readonly DirectorySource files = new(path);
        private int left = reads;

        public IEnumerable<string> Names => files.Names;

        public string Describe(string name) => files.Describe(name);

        public bool Has(string name) => files.Has(name);

        public ByteSource Open(string name) => new FailingBytes(files.Open(name), this);

        private sealed class FailingBytes(ByteSource bytes, FailingSource disk) : ByteSource(bytes.Length)
        {
            public override void Read(long offset, Span<byte> target)
            {
                if (Interlocked.Decrement(ref disk.left) < 0)
                    throw new IOException("Input/output error.");
                bytes.Read(offset, target);
            }

            public override void Dispose() => bytes.Dispose();
        }
    }
}
