using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace PsGpt.Kernels.Simd;

/// <summary>What memory is moved in.</summary>
internal static unsafe class CacheLine
{
    /// <summary>The floats of a line, on all processors that count here.</summary>
    public const int Floats = 16;

    /// <summary>The floats of 4 KB.</summary>
    private const int SetDistance = 1024;

    /// <summary>
    /// Whether rows of this stride collide: lines that lie a multiple of 4 KB apart share the 8 or 12 places of one set of a first-level
    /// cache, so that the rows of a tile that is read in place would push each other out before they are used up.
    /// </summary>
    /// <param name="stride">Floats from a row to the next.</param>
    public static bool HasSetConflict(nint stride) => stride % SetDistance == 0;

    /// <summary>
    /// Asks for the line of an address to come to the second-level cache; the address need not be one that can be read. Nothing happens
    /// where the hardware cannot be asked.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch1(address);
    }
}
