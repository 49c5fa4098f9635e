using PsGpt.Kernels.Threading;
using PsGpt.Tensors;
using PsGpt.Training;

namespace PsGpt.Unit.Training;

/// <summary>Optimizers as a stranger writes them: with what is public, and sometimes wrong.</summary>
public sealed class PluggedOptimizerTests : IDisposable
{
    private const string Name = "plugged-optimizer-test";

    public void Dispose() => OptimizerCatalog.Registry.Unregister(Name);

    [Fact]
    public void It_reaches_parameters_gradients_moments_threads_and_random_numbers()
    {
        Register(setup => new Momentum(setup));
        using var plugged = SmallTraining.NewModel();
        using var builtIn = SmallTraining.NewModel();
        Train(plugged, Name);
        Train(builtIn, "sgd");
        Assert.Contains("mine.momentum", plugged.TrainingState.Moments.Keys);
        Assert.All(
            SmallTraining.Weights(plugged).Zip(SmallTraining.Weights(builtIn)),
            pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Where_it_throws_or_leaves_NaN_model_and_moments_are_as_before(bool leavesNaN)
    {
        Register(setup => new Broken(setup, leavesNaN));
        using var model = SmallTraining.NewModel();
        var before = SmallTraining.Weights(model);
        var error = Assert.Throws<GptException>(() => Train(model, Name));
        Assert.Equal("PluginFailed", error.ErrorId);
        Assert.Contains($"optimizer '{Name}'", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, SmallTraining.Weights(model));
        var moment = new float[1];
        model.TrainingState.Moments["broken"].Tensors[0].CopyTo(moment);
        Assert.Equal((0, 0f), (model.TrainingState.Step, moment[0]));
    }

    [Fact]
    public void One_that_is_not_made_is_named()
    {
        Register(_ => null!);
        using var model = SmallTraining.NewModel();
        Assert.Equal("PluginFailed", Assert.Throws<GptException>(() => Train(model, Name)).ErrorId);
    }

    [Fact]
    public void The_random_numbers_of_a_step_are_the_same_after_a_restart()
    {
        var step = new OptimizerStep(3, 1, 1) { Seed = 7 };
        Assert.Equal(step.NewRandom().NextBits(), step.NewRandom().NextBits());
        Assert.NotEqual(step.NewRandom().NextBits(), (step with { Step = 4 }).NewRandom().NextBits());
    }

    [Fact]
    public void A_parallel_loop_does_each_item_once_and_throws_what_its_body_throws()
    {
        var done = new int[1000];
        WorkTeam.For(done.Length, (start, end) =>
        {
            for (var i = start; i < end; i++)
                Interlocked.Increment(ref done[i]);
        });
        Assert.All(done, count => Assert.Equal(1, count));
        Assert.Throws<InvalidOperationException>(() => WorkTeam.For(1000, (_, _) => throw new InvalidOperationException()));
        Assert.Throws<OperationCanceledException>(() => WorkTeam.For(1000, (_, _) => { }, new CancellationToken(canceled: true)));
    }

    private static void Register(Func<OptimizerSetup, IOptimizer> create) =>
        OptimizerCatalog.Registry.Register(new OptimizerPlugin(Name, "A test.", create));

    private static void Train(PsGpt.Model.GptModel model, string optimizer)
    {
        using var trainer = new Trainer(model, new TrainerOptions { Optimizer = optimizer, LearningRate = 0.01f, WeightDecay = 0 });
        for (var i = 0; i < 3; i++)
            trainer.Step(SmallTraining.Batch());
    }

    private sealed class Momentum(OptimizerSetup setup) : IOptimizer
    {
        private readonly TensorSet momentum = setup.GetMoment("mine.momentum");

        public void Update(TensorSet gradients, in OptimizerStep step)
        {
            var numbers = step;
            WorkTeam.For(setup.Parts.Count, (start, end) =>
            {
                for (var i = start; i < end; i++)
                    Update(setup.Parts[i], gradients, numbers);
            }, step.CancellationToken);
        }

        private void Update(PsGpt.Model.ParameterPart part, TensorSet gradients, OptimizerStep step)
        {
            for (var layer = 0; layer < part.LayerCount; layer++)
            {
                var weights = part.In(setup.Model.Weights, layer);
                var direction = part.In(momentum, layer);
                var gradient = part.In(gradients, layer);
                for (var i = 0; i < weights.Length; i++)
                {
                    direction[i] = (0.9f * direction[i]) + (step.GradientScale * gradient[i]);
                    weights[i] -= step.LearningRate * direction[i];
                }
            }
        }
    }

    private sealed class Broken(OptimizerSetup setup, bool leavesNaN) : IOptimizer
    {
        private readonly TensorSet moment = setup.GetMoment("broken");

        public void Update(TensorSet gradients, in OptimizerStep step)
        {
            setup.Parts[0].In(setup.Model.Weights, 0).Fill(leavesNaN ? float.NaN : 1);
            setup.Parts[0].In(moment, 0).Fill(1);
            if (!leavesNaN)
                throw new InvalidOperationException("Bang.");
        }
    }
}
