using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Training;

/// <summary>AdamW (Loshchilov and Hutter 2019), with the decay on matrices only unless told otherwise. Its moments live with the model.</summary>
internal sealed unsafe class AdamWOptimizer
{
    private readonly GptModel model;
    private readonly IKernels kernels;
    private readonly TensorSet firstMoment;
    private readonly TensorSet secondMoment;

    public AdamWOptimizer(GptModel model, IKernels kernels)
    {
        (this.model, this.kernels) = (model, kernels);
        firstMoment = model.TrainingState.GetOrAddMoment("adamw.m", model.Parameters.Shapes);
        secondMoment = model.TrainingState.GetOrAddMoment("adamw.v", model.Parameters.Shapes);
    }

    /// <summary>Updates all parameters.</summary>
    /// <param name="step">The number of the step, from 1.</param>
    /// <param name="gradientScale">What gradients are multiplied by first: clipping.</param>
    public void Update(TensorSet gradients, int step, TrainerOptions options, float learningRate, float gradientScale)
    {
        var coefficients = new AdamWCoefficients(
            learningRate, options.Beta1, options.Beta2, options.Epsilon, options.WeightDecay,
            (float)(1 - Math.Pow(options.Beta1, step)), (float)(1 - Math.Pow(options.Beta2, step)), gradientScale);
        for (var i = 0; i < gradients.Tensors.Count; i++)
        {
            var parameter = model.Parameters.Tensors[i];
            var decay = options.DecaysAll || IsMatrix(parameter.Name) ? options.WeightDecay : 0;
            kernels.AdamW(
                parameter.Pointer, gradients.Tensors[i].Pointer, firstMoment.Tensors[i].Pointer, secondMoment.Tensors[i].Pointer, parameter.Length,
                coefficients with { WeightDecay = decay });
        }
    }

    /// <summary>Whether a parameter multiplies (embeddings and weights of layers) rather than shifts or scales.</summary>
    private static bool IsMatrix(string name) => name is "wte" or "wpe" or "qkvw" or "attprojw" or "fcw" or "fcprojw" or "lmheadw";
}
