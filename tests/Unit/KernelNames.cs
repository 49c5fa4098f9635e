using PsGpt.Kernels;
using PsGpt.Kernels.Threading;

namespace PsGpt.Unit;

/// <summary>The kernels of this machine, for theories that must hold for each.</summary>
public sealed class KernelNames : TheoryData<string>
{
    private static readonly ThreadTeam Team = new(2);

    public static IReadOnlyList<string> All { get; } = [.. KernelCatalog.GetAvailable(Team).Select(kernels => kernels.Name)];

    public KernelNames()
    {
        foreach (var name in All)
            Add(name);
    }

    internal static IKernels Get(string name) => KernelCatalog.GetAvailable(Team).Single(kernels => kernels.Name == name);
}
