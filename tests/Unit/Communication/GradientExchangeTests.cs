using PsGpt.Communication;
using PsGpt.Model;
using PsGpt.Training;
using PsGpt.Unit.Training;

namespace PsGpt.Unit.Communication;

/// <summary>Gradients that travel while the backward pass goes on.</summary>
public sealed class GradientExchangeTests
{
    [Fact]
    public void A_layer_travels_before_the_others_are_final()
    {
        using var model = SmallTraining.NewModel();
        using var gradients = new Gradients(model.Configuration);
        using var network = new Network();
        using var exchange = new GradientExchange(ShardsOf(model, "adamw", network), gradients, WireFormat.Float32);
        exchange.Add(1);
        Assert.True(network.HasSent.Wait(TimeSpan.FromSeconds(30)), "nothing was sent");
        exchange.Add(0);
        exchange.Finish();

        // 4 matrices in each of the 2 layers, then each of the 12 other tensors as a whole.
        int[] layer = [768, 256, 1024, 1024];
        Assert.Equal([.. layer, .. layer], network.Lengths.Take(8));
        Assert.Equal(model.Weights.Block.Length, network.Lengths.Sum());
        Assert.Equal(20, network.Lengths.Count);
    }

    [Fact]
    public void Whole_matrices_of_an_optimizer_travel_at_the_end()
    {
        using var model = SmallTraining.NewModel();
        using var gradients = new Gradients(model.Configuration);
        using var network = new Network();
        using var exchange = new GradientExchange(ShardsOf(model, "muon", network), gradients, WireFormat.Float32);
        exchange.Add(1);
        exchange.Add(0);
        exchange.Finish();
        Assert.Equal(gradients.Tensors.Select(tensor => (int)tensor.Length).Order(), network.Lengths.Order());
    }

    [Fact]
    public void A_failure_on_the_way_is_that_of_the_step_and_leaves_the_model()
    {
        using var model = SmallTraining.NewModel();
        var before = SmallTraining.Weights(model);
        using var network = new Network { IsBroken = true };
        using var trainer = new Trainer(model, new TrainerOptions(), communicator: network);
        var error = Assert.Throws<GptException>(() => trainer.Step(SmallTraining.Batch()));
        Assert.Equal("CommunicationFailed", error.ErrorId);
        Assert.Equal(before, SmallTraining.Weights(model));
        Assert.Equal(0, model.TrainingState.Step);
    }

    /// <summary>Stages make all gradients before any can travel; they take the same way.</summary>
    [Fact]
    public void Gradients_of_stages_are_summed_as_those_of_a_step()
    {
        var weights = ThreadRanks.Run(2, communicator =>
        {
            using GptModel whole = SmallTraining.NewModel(), staged = SmallTraining.NewModel();
            var batch = SmallTraining.Batch(start: 16 * communicator.Rank);
            using var trainer = new Trainer(whole, new TrainerOptions { Dropout = 0 }, communicator: communicator);
            trainer.Step(batch);
            using var stages = new Trainer(staged, new TrainerOptions { Dropout = 0 }, communicator: communicator);
            using var forward = ForwardResult.Compute(staged, batch, dropout: 0, index: 0);
            using var backward = forward.Backward();
            stages.Update(backward);
            Assert.Equal(SmallTraining.Weights(whole), SmallTraining.Weights(staged));
            return SmallTraining.Weights(whole);
        });
        Assert.Equal(weights[0], weights[1]);
    }

    private static ParameterShards ShardsOf(GptModel model, string optimizer, ICommunicator communicator)
    {
        var plugin = OptimizerCatalog.Registry.Get(optimizer);
        var state = model.TrainingState;
        var setup = new OptimizerSetup(
            model, new TrainerOptions { Optimizer = optimizer }, PsGpt.Kernels.KernelCatalog.Default, state, communicator,
            plugin.NeedsWholeLayers);
        return setup.Shards!;
    }

    /// <summary>Rank 0 of two whose other rank sends zeros.</summary>
    private sealed class Network : ICommunicator, IDisposable
    {
        public bool IsBroken { get; init; }

        public ManualResetEventSlim HasSent { get; } = new();

        public List<int> Lengths { get; } = [];

        public string Name => "one of two";

        public int Rank => 0;

        public int Size => 2;

        public void Barrier()
        {
        }

        public void Broadcast(Span<byte> data, int root)
        {
        }

        public void AllReduce(Span<double> values)
        {
        }

        public void ReduceScatter(Span<float> values, ReadOnlySpan<int> counts, WireFormat format = WireFormat.Float32)
        {
            if (IsBroken)
                throw new GptException("CommunicationFailed", GptErrorKind.ConnectionFailed, "The cable is cut.");
            Lengths.Add(values.Length);
            HasSent.Set();
        }

        public void AllGather(Span<float> values, ReadOnlySpan<int> counts)
        {
        }

        public void Abort(int exitCode) => throw new NotSupportedException();

        public void Dispose() => HasSent.Dispose();
    }
}
