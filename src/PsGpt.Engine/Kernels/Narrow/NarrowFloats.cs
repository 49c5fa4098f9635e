using System.Numerics;
using System.Runtime.CompilerServices;

namespace PsGpt.Kernels.Narrow;

/// <summary>
/// Converts many floats of 16 bits, a vector at a time. Compiled at once with all optimizations: a model is usually loaded once.
/// </summary>
internal static class NarrowFloats<TFloat>
    where TFloat : struct, INarrowFloat
{
    /// <summary>Widens every value exactly.</summary>
    /// <param name="source">The bits of narrow values.</param>
    /// <param name="target">As many floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(ReadOnlySpan<ushort> source, Span<float> target)
    {
        var i = 0;
        for (; i <= source.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(source[i..]), out var lower, out var upper);
            TFloat.Widen(lower).CopyTo(target[i..]);
            TFloat.Widen(upper).CopyTo(target[(i + Vector<uint>.Count)..]);
        }

        for (; i < source.Length; i++)
            target[i] = TFloat.Widen(source[i]);
    }

    /// <summary>Rounds every value to the nearest narrow one.</summary>
    /// <param name="source">Floats.</param>
    /// <param name="target">As many narrow values, as bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Narrow(ReadOnlySpan<float> source, Span<ushort> target)
    {
        var i = 0;
        for (; i <= source.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            var lower = TFloat.Narrow(new Vector<float>(source[i..]));
            var upper = TFloat.Narrow(new Vector<float>(source[(i + Vector<uint>.Count)..]));
            Vector.Narrow(lower, upper).CopyTo(target[i..]);
        }

        for (; i < source.Length; i++)
            target[i] = TFloat.Narrow(source[i]);
    }
}
