using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace PsGpt.Kernels;

/// <summary>
/// What tiles do beside their own work for the tiles after them: a little every few steps of the depth, so that memory is read
/// while the multiply units are busy. Asked for all at once, it would hold up the loads of the tile that is computed. It does nothing
/// as <c>default</c>.
/// </summary>
internal unsafe struct TileAhead<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>How many portions before its copy a row is asked for: half a microsecond, more than memory takes.</summary>
    private const int Distance = 8;

    /// <summary>The floats of a cache line, on all processors that count here.</summary>
    private const int CacheLine = 16;

    // Rows of an operand that are packed, or only asked for where there is no panel.
    private float* source;
    private nint sourceStep;
    private nint second;
    private float* panel;
    private nint panelStep;
    private int portionsLeft;

    // The part of the product that is written next, and what its epilogue reads or writes beside it.
    private float* target;
    private float* companion;
    private nint stride;
    private int width;
    private int targetRowsLeft;

    /// <summary>Whether all rows of the operand have been packed or asked for.</summary>
    public readonly bool IsDone => portionsLeft == 0;

    /// <summary>Packs a panel (depth, two vectors) of an operand whose rows lie side by side, a step of its depth at a time.</summary>
    public void Pack(float* panel, Operand source, int depth) => Begin(source.Data, source.DepthStride, TSimd.Width, panel, ProductTile<TSimd, TVector>.Columns, depth);

    /// <summary>
    /// Packs the rows of a tile (depth, rows of a tile) of an operand whose rows lie side by side and are fewer than a vector holds:
    /// each step writes over the end of its rows, which the next one puts right.
    /// </summary>
    /// <param name="panel">With room for a vector behind its end.</param>
    /// <param name="source">With at least a vector of rows.</param>
    public void PackTile(float* panel, Operand source, int depth) => Begin(source.Data, source.DepthStride, 0, panel, TSimd.TileRows, depth);

    /// <summary>Asks for the cache lines of two rows of an operand whose rows lie along the depth.</summary>
    public void Fetch(Operand source, int depth) => Begin(source.Data, CacheLine, source.RowStride, null, 0, depth / CacheLine);

    /// <summary>Asks for a part of the product, a row at a time; what is left of the part before, which is about to be written, at once.</summary>
    /// <param name="companion">The same part of what the epilogue reads or writes beside the product, or null.</param>
    public void FetchTarget(float* target, float* companion, nint stride, int height, int width)
    {
        while (targetRowsLeft > 0)
            FetchTargetRow();
        this.target = target;
        this.companion = companion;
        (this.stride, this.width, targetRowsLeft) = (stride, width, height);
    }

    /// <summary>Does the next portion, if one is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance()
    {
        if (targetRowsLeft > 0)
            FetchTargetRow();
        if (portionsLeft > 0)
            AdvanceSource();
    }

    /// <summary>Does all that is left of an operand's rows.</summary>
    public void Finish()
    {
        while (portionsLeft > 0)
            AdvanceSource();
    }

    private void Begin(float* source, nint sourceStep, nint second, float* panel, nint panelStep, int portions)
    {
        this.source = source;
        this.panel = panel;
        (this.sourceStep, this.second, this.panelStep, portionsLeft) = (sourceStep, second, panelStep, portions);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AdvanceSource()
    {
        portionsLeft--;
        if (panel is null)
        {
            Prefetch(source);
            Prefetch(source + second);
        }
        else
        {
            Prefetch(source + (Distance * sourceStep));
            Prefetch(source + (Distance * sourceStep) + second);
            TSimd.Store(panel, TSimd.Load(source));
            TSimd.Store(panel + second, TSimd.Load(source + second));
            panel += panelStep;
        }

        source += sourceStep;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void FetchTargetRow()
    {
        targetRowsLeft--;
        for (var column = 0; column < width; column += CacheLine)
            Prefetch(target + column);
        target += stride;
        if (companion is null)
            return;
        for (var column = 0; column < width; column += CacheLine)
            Prefetch(companion + column);
        companion += stride;
    }

    /// <summary>Asks for the cache line of an address, which need not be one that can be read; nothing where the hardware cannot be asked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(float* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch1(address);
    }
}
