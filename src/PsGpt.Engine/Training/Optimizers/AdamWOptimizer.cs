using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Training;

/// <summary>AdamW (Loshchilov and Hutter 2019), with weight decay on matrices only, unless an option adds the rest.</summary>
internal sealed unsafe class AdamWOptimizer : IOptimizer
{
    private readonly GptModel model;
    private readonly TrainerOptions options;
    private readonly IKernels kernels;
    private readonly ParameterPart[] parts;
    private readonly TensorSet firstMoment;
    private readonly TensorSet secondMoment;

    public AdamWOptimizer(OptimizerSetup setup)
        : this(setup, setup.Parts, "adamw")
    {
    }

    /// <summary>For some of the parameters, on behalf of another optimizer.</summary>
    /// <param name="owner">The first part of the moments' names.</param>
    public AdamWOptimizer(OptimizerSetup setup, IEnumerable<ParameterPart> parts, string owner)
    {
        (model, options, kernels) = (setup.Model, setup.Options, setup.Kernels);
        this.parts = [.. parts];
        firstMoment = setup.GetMoment($"{owner}.m");
        secondMoment = setup.GetMoment($"{owner}.v");
    }

    public void Update(TensorSet gradients, in OptimizerStep step)
    {
        var (beta1, beta2) = (options.AdamW.Beta1, options.AdamW.Beta2);
        var coefficients = new AdamWCoefficients(
            step.LearningRate, beta1, beta2, options.AdamW.Epsilon, options.WeightDecay,
            (float)(1 - Math.Pow(beta1, step.Step)), (float)(1 - Math.Pow(beta2, step.Step)), step.GradientScale);
        foreach (var part in parts)
        {
            var decay = options.DecayAll || part.Shape.IsMatrix ? options.WeightDecay : 0;
            kernels.AdamW(
                part.PointerIn(model.Weights), part.PointerIn(gradients), part.PointerIn(firstMoment), part.PointerIn(secondMoment),
                part.Length, coefficients with { WeightDecay = decay });
        }
    }
}
