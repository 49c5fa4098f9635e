using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace PsGpt.Kernels.Simd;

/// <summary>Cache-line size, set conflicts, prefetch.</summary>
internal static unsafe class CacheLine
{
    /// <summary>Floats in a line: 64 bytes on x86 and on most Arm processors.</summary>
    public const int Floats = 16;

    /// <summary>Floats in 4 KB.</summary>
    private const int SetDistance = 1024;

    /// <summary>
    /// Whether rows of this stride have set conflicts (4K aliasing): lines a multiple of 4 KB apart share the 8 or 12 ways of one set of
    /// the first-level cache, so that unpacked rows of a tile would evict each other before they are used up.
    /// </summary>
    /// <param name="stride">Floats from a row to the next.</param>
    public static bool HasSetConflict(nint stride) => stride % SetDistance == 0;

    /// <summary>The lines that each of some portions of a number of floats takes.</summary>
    public static int Count(int floats, int portions) => (((floats + portions - 1) / portions) + Floats - 1) / Floats;

    /// <summary>
    /// Prefetches an address, which need not be readable, into the second-level cache. Does nothing without such an instruction.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch1(address);
    }

    /// <summary>Prefetches a few lines.</summary>
    /// <returns>The address behind them.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* Prefetch(float* address, int count)
    {
        for (var line = 0; line < count; line++, address += Floats)
            Prefetch(address);
        return address;
    }
}
