using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Training;

/// <summary>
/// Muon (Keller Jordan 2024): the update of a matrix within the layers is its momentum, made orthonormal, so that all directions
/// move alike. Queries, keys and values count as three matrices. AdamW trains everything else.
/// </summary>
internal sealed unsafe class MuonOptimizer : IOptimizer, IDisposable
{
    private readonly GptModel model;
    private readonly TrainerOptions options;
    private readonly IKernels kernels;
    private readonly ParameterPart[] parts;
    private readonly TensorSet momentum;
    private readonly AdamWOptimizer rest;
    private readonly NewtonSchulz newtonSchulz;
    private readonly NativeBlock update;

    public MuonOptimizer(OptimizerSetup setup)
    {
        (model, options, kernels) = (setup.Model, setup.Options, setup.Kernels);
        parts = [.. setup.Parts.Where(part => part.Shape.IsHiddenMatrix)];
        momentum = setup.GetMoment("muon.momentum");
        rest = new AdamWOptimizer(setup, setup.Parts.Where(part => !part.Shape.IsHiddenMatrix), "muon.adamw");
        nint width = model.Configuration.ChannelCount;
        newtonSchulz = new NewtonSchulz(kernels, 4 * width * width, width);
        update = new NativeBlock(4 * width * width);
    }

    public void Update(TensorSet gradients, in OptimizerStep step)
    {
        foreach (var part in parts)
        {
            var (rows, columns) = MatrixSize(part.Shape);
            var length = (nint)rows * columns;
            for (nint start = 0; start < part.Length; start += length)
            {
                Update(
                    part.PointerIn(model.Weights) + start, part.PointerIn(gradients) + start, part.PointerIn(momentum) + start,
                    rows, columns, step);
            }
        }

        var restRate = (options.Muon.AdamWLearningRate ?? options.LearningRate) * (step.LearningRate / options.LearningRate);
        rest.Update(gradients, step with { LearningRate = restRate });
    }

    public void Dispose()
    {
        newtonSchulz.Dispose();
        update.Dispose();
    }

    private void Update(float* parameter, float* gradient, float* direction, int rows, int columns, in OptimizerStep step)
    {
        var length = (nint)rows * columns;
        var keep = options.Muon.Momentum;
        var x = update.Pointer;
        kernels.LinearCombination(direction, direction, keep, gradient, step.GradientScale, length);

        // Nesterov: a look ahead to where the momentum will be with this gradient once more.
        kernels.LinearCombination(x, gradient, step.GradientScale, direction, keep, length);
        newtonSchulz.Orthogonalize(x, rows, columns);
        var scale = MathF.Sqrt(MathF.Max(1, (float)rows / columns));
        var decay = 1 - (step.LearningRate * options.WeightDecay);
        kernels.LinearCombination(parameter, parameter, decay, x, -step.LearningRate * scale, length);
    }

    /// <summary>The size of the matrices that stand below each other in the tensor.</summary>
    private static (int Rows, int Columns) MatrixSize(TensorShape shape) =>
        shape.Role == TensorRole.QueryKeyValueMatrix ? (shape.Sizes[2], shape.Sizes[2]) : (shape.Sizes[1], shape.Sizes[2]);
}
