using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace PsGpt.Kernels;

/// <summary>What memory is moved in.</summary>
internal static unsafe class CacheLine
{
    /// <summary>The floats of a line, on all processors that count here.</summary>
    public const int Floats = 16;

    /// <summary>
    /// Asks for the line of an address to come to the second-level cache; the address need not be one that can be read. Nothing happens
    /// where the hardware cannot be asked.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(float* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch1(address);
    }
}
