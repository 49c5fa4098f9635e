using PsGpt.Kernels;
using PsGpt.Model;

namespace PsGpt.Training;

/// <summary>What an optimizer is made for.</summary>
public sealed class OptimizerSetup
{
    internal OptimizerSetup(GptModel model, TrainerOptions options, IKernels kernels) =>
        (Model, Options, Parts, Kernels) = (model, options, ParameterPart.Trained(model, options), kernels);

    /// <summary>The model.</summary>
    public GptModel Model { get; }

    /// <summary>How it is trained.</summary>
    public TrainerOptions Options { get; }

    /// <summary>The parameters to update; the others are frozen.</summary>
    public IReadOnlyList<ParameterPart> Parts { get; }

    internal IKernels Kernels { get; }
}
