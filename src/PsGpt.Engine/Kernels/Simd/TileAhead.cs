using System.Runtime.CompilerServices;

namespace PsGpt.Kernels;

/// <summary>
/// What tiles do beside their own work for the tiles after them: a little every few steps of the depth, so that memory is read
/// while the multiply units are busy. It does nothing as <c>default</c>.
/// </summary>
internal unsafe struct TileAhead<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>How many portions before its copy a row is asked for: half a microsecond, more than memory takes.</summary>
    private const int Distance = 8;

    private float* source;
    private nint step;
    private nint second;
    private float* panel;
    private int portionsLeft;

    /// <summary>Packs a panel (depth, two vectors) of an operand whose rows lie side by side, a step of its depth at a time.</summary>
    public static TileAhead<TSimd, TVector> Pack(float* panel, Operand source, int depth) =>
        new() { source = source.Data, step = source.DepthStride, second = TSimd.Width, panel = panel, portionsLeft = depth };

    /// <summary>Asks for the cache lines of two rows of an operand whose rows lie along the depth.</summary>
    public static TileAhead<TSimd, TVector> Fetch(Operand source, int depth) =>
        new() { source = source.Data, step = CacheLine, second = source.RowStride, portionsLeft = depth / CacheLine };

    /// <summary>The floats of a cache line, on all processors that count here.</summary>
    private const int CacheLine = 16;

    /// <summary>Does the next portion, if one is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance()
    {
        if (portionsLeft == 0)
            return;
        portionsLeft--;
        if (panel is null)
        {
            TSimd.Prefetch(source);
            TSimd.Prefetch(source + second);
        }
        else
        {
            TSimd.Prefetch(source + (Distance * step));
            TSimd.Prefetch(source + (Distance * step) + second);
            TSimd.Store(panel, TSimd.Load(source));
            TSimd.Store(panel + second, TSimd.Load(source + second));
            panel += 2 * second;
        }

        source += step;
    }

    /// <summary>Does all that is left.</summary>
    public void Finish()
    {
        while (portionsLeft > 0)
            Advance();
    }
}
