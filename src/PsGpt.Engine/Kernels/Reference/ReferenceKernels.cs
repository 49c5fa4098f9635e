using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Reference;

/// <summary>
/// Each operator as a student would write it: one value at a time, in the order of the formula. It is what the fast kernels
/// are tested against, and what runs where <c>PSGPT_KERNELS=scalar</c> asks for it.
/// </summary>
internal sealed unsafe partial class ReferenceKernels : IKernels
{
    public string Name => "scalar";

    public ThreadTeam Team { get; } = new(threadCount: 1);

    public IKernels On(ThreadTeam team) => this;
}
