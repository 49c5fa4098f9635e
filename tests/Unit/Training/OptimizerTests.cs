using PsGpt.Communication;
using PsGpt.Extensions;
using PsGpt.Kernels;
using PsGpt.Kernels.Threading;
using PsGpt.Training;

namespace PsGpt.Unit.Training;

/// <summary>The expected numbers were computed by PyTorch: its own SGD, and Newton-Schulz as Keller Jordan wrote it, in float64.</summary>
public sealed unsafe class OptimizerTests
{
    [Theory]
    [InlineData(2, 3, new[]
    {
        0.6680331132387776, 0.37404419463560534, -0.7644201834427802,
        -0.10628162589981383, 0.7431289754840407, -0.08521452818537179,
    })]
    [InlineData(3, 2, new[]
    {
        0.3027988233772696, 0.574608967508349, -0.4213684615400799,
        -0.08949149051095823, 0.5119577106766049, -0.40156854495387817,
    })]
    [InlineData(2, 2, new[] { 0.28808521006951837, 0.6906424380017238, -0.6559873089493089, 0.355755276495094 })]
    public void Newton_Schulz_gives_what_PyTorch_gives(int rows, int columns, double[] expected)
    {
        foreach (var kernels in KernelCatalog.GetAvailable(ThreadTeam.Shared))
        {
            var matrix = Enumerable.Range(0, rows * columns).Select(i => Sine(1, i)).ToArray();
            using var newtonSchulz = new NewtonSchulz(kernels, rows * columns, Math.Min(rows, columns));
            fixed (float* values = matrix)
                newtonSchulz.Orthogonalize(values, rows, columns);

            // Five steps raise an error to at most 3.4445 to the fifth times itself.
            Assert.All(expected.Zip(matrix), pair => Assert.Equal(pair.First, pair.Second, 485 * 1e-7));
        }
    }

    [Fact]
    public void Muon_makes_the_update_of_a_matrix_nearly_orthonormal()
    {
        using var model = SmallTraining.NewModel();
        var before = model.Weights["attprojw"].Slice(1).ToArray();
        using var trainer = new Trainer(model, new TrainerOptions { Optimizer = "muon", LearningRate = 0.01f, WeightDecay = 0 });
        trainer.Step(SmallTraining.Batch());
        var size = SmallTraining.Configuration.ChannelCount;
        var update = before.Zip(model.Weights["attprojw"].Slice(1).ToArray(), (old, now) => (old - now) / 0.01).ToArray();
        var squares = update.Sum(value => value * value);

        // The singular values of the result lie between 0.68 and 1.13 (Keller Jordan 2024), but for a few tiny ones, which stay below.
        Assert.InRange(squares, 0.4 * size, 1.28 * size);
        Assert.InRange(Enumerable.Range(0, size).Max(row => update.Skip(row * size).Take(size).Sum(value => value * value)), 0.2, 1.28);
    }

    [Fact]
    public void Gradient_descent_gives_what_PyTorch_gives()
    {
        double[][] expected =
        [
            [0.4430462121963501, -0.21227271854877472, -0.3883458971977234, 0.3123451769351959],
            [0.466013640165329, -0.13523490726947784, -0.4311651289463043, 0.24634140729904175],
        ];
        using var model = SmallTraining.NewModel();
        using var gradients = new PsGpt.Tensors.TensorSet(model.Weights.Shapes);
        var options = new TrainerOptions { Optimizer = "sgd", WeightDecay = 0.1f, DecayAll = true };
        var setup = new OptimizerSetup(model, options, KernelCatalog.Default, model.TrainingState, SingleProcess.Instance, _ => true);
        var optimizer = new SgdOptimizer(setup);
        Fill(model.Weights["wpe"].Span[..4], 2);
        for (var step = 0; step < 2; step++)
        {
            Fill(gradients["wpe"].Span[..4], 3 + step);
            optimizer.Update(gradients, new OptimizerStep(step + 1, 0.1f, 1));
            var actual = model.Weights["wpe"].Span[..4].ToArray();
            Assert.All(expected[step].Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        }
    }

    [Fact]
    public void What_is_frozen_keeps_its_bits()
    {
        foreach (var optimizer in BuiltInPlugins.Names(PluginKind.Optimizer))
        {
            using var model = SmallTraining.NewModel();
            var before = model.Weights.Tensors.Select(tensor => tensor.Span.ToArray()).ToArray();
            var options = new TrainerOptions { Optimizer = optimizer, FreezeLayers = [0], FreezeEmbedding = true };
            using var trainer = new Trainer(model, options);
            trainer.Step(SmallTraining.Batch());
            for (var i = 0; i < before.Length; i++)
            {
                var tensor = model.Weights.Tensors[i];
                var isStacked = tensor.Sizes[0] == SmallTraining.Configuration.LayerCount;
                var frozen = tensor.Name is "wte" or "wpe" ? before[i].Length : isStacked ? before[i].Length / 2 : 0;
                Assert.Equal(before[i][..frozen], tensor.Span[..frozen].ToArray());
                var isTrained = !tensor.Span[frozen..].SequenceEqual(before[i].AsSpan(frozen));
                Assert.True(frozen == before[i].Length || isTrained, $"{optimizer} does not train {tensor.Name}");
            }
        }
    }

    private static float Sine(double start, int i) => (float)(0.5 * Math.Sin(start + (1.7 * i)));

    private static void Fill(Span<float> values, double start)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = Sine(start, i);
    }
}
