using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Training;

/// <summary>Gradient descent with momentum as <c>torch.optim.SGD</c> has it: the decay is part of the gradient.</summary>
internal sealed unsafe class SgdOptimizer : IOptimizer
{
    private readonly GptModel model;
    private readonly TrainerOptions options;
    private readonly IKernels kernels;
    private readonly ParameterPart[] parts;
    private readonly TensorSet momentum;

    public SgdOptimizer(OptimizerSetup setup)
    {
        (model, options, kernels) = (setup.Model, setup.Options, setup.Kernels);
        parts = [.. setup.Parts];
        momentum = setup.GetMoment("sgd.momentum");
    }

    public void Update(TensorSet gradients, in OptimizerStep step)
    {
        foreach (var part in parts)
        {
            var parameter = part.PointerIn(model.Weights);
            var direction = part.PointerIn(momentum);
            kernels.LinearCombination(
                direction, direction, options.Sgd.Momentum, part.PointerIn(gradients), step.GradientScale, part.Length);
            if (options.WeightDecay > 0 && (options.DecayAll || part.Shape.IsMatrix))
                kernels.LinearCombination(direction, direction, 1, parameter, options.WeightDecay, part.Length);
            kernels.LinearCombination(parameter, parameter, 1, direction, -step.LearningRate, part.Length);
        }
    }
}
