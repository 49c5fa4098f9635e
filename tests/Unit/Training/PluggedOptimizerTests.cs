using PsGpt.Kernels.Threading;
using PsGpt.Tensors;
using PsGpt.Training;

namespace PsGpt.Unit.Training;

/// <summary>Optimizers as a stranger writes them: with what is public, and sometimes wrong.</summary>
public sealed class PluggedOptimizerTests : IDisposable
{
    private const string Name = "plugged-optimizer-test";
    private const string LostName = "lost-optimizer-test";

    public void Dispose()
    {
        OptimizerCatalog.Registry.Unregister(Name);
        OptimizerCatalog.Registry.Unregister(LostName);
    }

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
        Assert.Equal(0, model.TrainingState.Step);
        Assert.Empty(model.TrainingState.Moments);
    }

    [Fact]
    public void Where_it_fails_in_a_later_step_the_moments_are_those_of_the_step_before()
    {
        Register(setup => new Momentum(setup) { FailsAt = 3 });
        using var model = SmallTraining.NewModel();
        using var shorter = SmallTraining.NewModel();
        Assert.Throws<GptException>(() => Train(model, Name));
        Train(shorter, "sgd", steps: 2);
        Assert.Equal(2, model.TrainingState.Step);
        Assert.All(
            Values(shorter, "sgd.momentum").Zip(Values(model, "mine.momentum")),
            pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Where_it_never_returns_the_model_is_as_before_and_can_be_trained_on()
    {
        using var forever = new ManualResetEventSlim();
        using var stop = new CancellationTokenSource();
        Register(setup => new Endless(setup, stop, forever), LostName);
        using var model = SmallTraining.NewModel();
        using var same = SmallTraining.NewModel();
        using (var trainer = new Trainer(model, new TrainerOptions { Optimizer = LostName }))
        {
            var error = Assert.Throws<GptException>(() => trainer.Step(SmallTraining.Batch(), stop.Token));
            Assert.Contains($"optimizer '{LostName}' was stopped and did not end", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(0, model.TrainingState.Step);
        Train(model, "sgd");
        Train(same, "sgd");
        Assert.Equal(SmallTraining.Weights(same), SmallTraining.Weights(model));
        Assert.Contains("not called again", Assert.Throws<GptException>(() => Train(model, LostName)).Message, StringComparison.Ordinal);
        forever.Set();
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

    private static void Register(Func<OptimizerSetup, IOptimizer> create, string name = Name) =>
        OptimizerCatalog.Registry.Register(new OptimizerPlugin(name, "A test.", create));

    private static float[] Values(PsGpt.Model.GptModel model, string moment)
    {
        var tensor = model.TrainingState.Moments[moment].Tensors[0];
        var values = new float[tensor.Length];
        tensor.CopyTo(values);
        return values;
    }

    private static void Train(PsGpt.Model.GptModel model, string optimizer, int steps = 3)
    {
        using var trainer = new Trainer(model, new TrainerOptions { Optimizer = optimizer, LearningRate = 0.01f, WeightDecay = 0 });
        for (var i = 0; i < steps; i++)
            trainer.Step(SmallTraining.Batch());
    }

    private sealed class Momentum(OptimizerSetup setup) : IOptimizer
    {
        private readonly TensorSet momentum = setup.GetMoment("mine.momentum");

        public int FailsAt { get; init; }

        public void Update(TensorSet gradients, in OptimizerStep step)
        {
            var numbers = step;
            WorkTeam.For(setup.Parts.Count, (start, end) =>
            {
                for (var i = start; i < end; i++)
                    Update(setup.Parts[i], gradients, numbers);
            }, step.CancellationToken);
            if (step.Step == FailsAt)
                throw new InvalidOperationException("Bang.");
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

    /// <summary>Writes to all that it was given, and goes on doing so when it is let go.</summary>
    private sealed class Endless(OptimizerSetup setup, CancellationTokenSource stop, ManualResetEventSlim forever) : IOptimizer
    {
        private readonly TensorSet moment = setup.GetMoment("endless");

        public void Update(TensorSet gradients, in OptimizerStep step)
        {
            stop.Cancel();
            Write(gradients);
            forever.Wait(CancellationToken.None);
            Write(gradients);
        }

        private void Write(TensorSet gradients)
        {
            foreach (var set in new[] { setup.Model.GetWeights(), moment, gradients })
                setup.Parts[0].In(set, 0).Fill(1);
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
