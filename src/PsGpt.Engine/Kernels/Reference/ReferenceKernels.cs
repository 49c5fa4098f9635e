using PsGpt.Kernels.Threading;
using PsGpt.Tensors;

namespace PsGpt.Kernels.Reference;

/// <summary>
/// The reference implementation of each operator: one value at a time, in the order of the formula. The fast kernels are tested
/// against it, and <c>PSGPT_KERNELS=scalar</c> runs it.
/// </summary>
internal sealed unsafe partial class ReferenceKernels : IKernels
{
    public string Name => "scalar";

    public ThreadTeam Team { get; } = new(threadCount: 1);

    public IKernels On(ThreadTeam team) => this;

    public IMatrixKernels For(WeightDataType type) => type == WeightDataType.Float32 ? this : new ReferenceMatrices(type);
}
