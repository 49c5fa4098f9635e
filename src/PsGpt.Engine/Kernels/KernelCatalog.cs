using PsGpt.Kernels.Reference;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels;

/// <summary>The kernels of this machine, best first. The environment variable <c>PSGPT_KERNELS</c> forces one by name.</summary>
internal static class KernelCatalog
{
    private static readonly Lazy<IKernels> Chosen =
        new(() => Choose(Environment.GetEnvironmentVariable("PSGPT_KERNELS"), GetAvailable(ThreadTeam.Shared)));

    /// <summary>The kernels that models use.</summary>
    /// <exception cref="GptException"><c>KernelsNotAvailable</c>, <c>ThreadCountInvalid</c>.</exception>
    public static IKernels Default => Chosen.Value;

    /// <summary>All kernels that this machine can run, best first, over the given threads.</summary>
    public static IReadOnlyList<IKernels> GetAvailable(ThreadTeam team)
    {
        List<IKernels> available = [];
        Add<Simd512, System.Runtime.Intrinsics.Vector512<float>>(available, team);
        Add<Simd256, System.Runtime.Intrinsics.Vector256<float>>(available, team);
        Add<Simd128, System.Runtime.Intrinsics.Vector128<float>>(available, team);
        available.Add(new ReferenceKernels());
        return available;
    }

    private static void Add<TSimd, TVector>(List<IKernels> available, ThreadTeam team)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (TSimd.IsSupported)
            available.Add(new SimdKernels<TSimd, TVector>(team));
    }

    /// <summary>The kernels that a setting names, or the best.</summary>
    /// <exception cref="GptException"><c>KernelsNotAvailable</c>.</exception>
    internal static IKernels Choose(string? forced, IReadOnlyList<IKernels> available)
    {
        if (string.IsNullOrWhiteSpace(forced))
            return available[0];
        return available.FirstOrDefault(kernels => kernels.Name.Equals(forced, StringComparison.OrdinalIgnoreCase))
            ?? throw new GptException("KernelsNotAvailable", GptErrorKind.NotSupported,
                $"PSGPT_KERNELS asks for '{forced}', but this machine has: {string.Join(", ", available.Select(kernels => kernels.Name))}. "
                + "Set it to one of these, or remove it.");
    }
}
