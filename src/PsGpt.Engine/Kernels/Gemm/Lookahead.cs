using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;

namespace PsGpt.Kernels.Gemm;

/// <summary>
/// What tiles do beside their own work for the tiles after them: some portions every few steps of the depth, so that memory is read
/// while the multiply units are busy. Asked for all at once, it would hold up the loads of the tile that is computed. It does nothing
/// as <c>default</c>.
/// </summary>
internal unsafe struct Lookahead<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Steps of a tile's depth between two advances.</summary>
    public const int StepsPerAdvance = 16;

    /// <summary>How many portions before its copy a row is asked for: half a microsecond, more than memory takes.</summary>
    private const int Distance = 8;

    // Rows of an operand that are packed, or only asked for where there is no panel. Each step of the depth is a part of every panel.
    private float* source;
    private float* panel;
    private nint second;
    private int part;
    private int partCount;
    private nint partWidth;
    private nint panelSize;
    private nint sourceStep;
    private nint panelStep;
    private nint distance;
    private int portionsLeft;
    private int pace;

    // The part of the product that is written next, and what its epilogue reads or writes beside it.
    private float* target;
    private float* companion;
    private nint stride;
    private int width;
    private int targetRowsLeft;
    private int targetPace;

    /// <summary>Packs panels (depth, two vectors) of an operand whose rows lie side by side, a step of its depth at a time.</summary>
    /// <param name="panelSize">Floats from a panel to the next.</param>
    /// <param name="tileCount">The tiles beside which all is to be packed, each of the same depth.</param>
    public void Pack(float* panels, nint panelSize, Operand source, int depth, int panelCount, int tileCount) =>
        BeginPanels(panels, panelSize, EdgeTile<TSimd, TVector>.Columns, TSimd.Width, source, depth, panelCount, tileCount);

    /// <summary>
    /// Packs the rows of tiles, each into a panel (depth, rows of a tile), of an operand whose rows lie side by side and are fewer in a tile
    /// than a vector holds: each step writes over the end of its rows, which the next one of that panel puts right.
    /// </summary>
    /// <remarks>
    /// The panels are filled together. A step of the depth lies far from the next one, mostly in another page of memory, and is read once
    /// for all of them: tile after tile the head's weight gradient took 1.25 times as long.
    /// </remarks>
    /// <param name="panels">The panels, each with room for a vector behind its end.</param>
    /// <param name="panelSize">Floats from a panel to the next.</param>
    /// <param name="source">With at least a vector of rows from the first of the last tile on.</param>
    /// <param name="panelCount">The panels to pack.</param>
    /// <param name="tileCount">The tiles beside which all is to be packed, each of the same depth.</param>
    public void PackTiles(float* panels, nint panelSize, Operand source, int depth, int panelCount, int tileCount) =>
        BeginPanels(panels, panelSize, TSimd.TileRows, 0, source, depth, panelCount, tileCount);

    /// <summary>Asks for the cache lines of two rows of an operand whose rows lie along the depth.</summary>
    public void Fetch(Operand source, int depth)
    {
        this.source = source.Data;
        panel = null;
        (second, sourceStep, portionsLeft, pace) = (source.RowStride, CacheLine.Floats, depth / CacheLine.Floats, 1);
    }

    /// <summary>Asks for a part of the product, a row at a time; what is left of the part before, which is about to be written, at once.</summary>
    /// <param name="companion">The same part of what the epilogue reads or writes beside the product, or null.</param>
    /// <param name="depth">That of the tile beside which it is asked for.</param>
    public void FetchTarget(float* target, float* companion, nint stride, int height, int width, int depth)
    {
        while (targetRowsLeft > 0)
            FetchTargetRow();
        this.target = target;
        this.companion = companion;
        (this.stride, this.width, targetRowsLeft) = (stride, width, height);
        targetPace = ((StepsPerAdvance * height) + depth - 1) / depth;
    }

    /// <summary>Does the next portions, if some are left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance()
    {
        for (var i = targetPace; i > 0 && targetRowsLeft > 0; i--)
            FetchTargetRow();
        for (var i = pace; i > 0 && portionsLeft > 0; i--)
            AdvanceSource();
    }

    /// <summary>Does all that is left of an operand's rows.</summary>
    public void Finish()
    {
        while (portionsLeft > 0)
            AdvanceSource();
    }

    /// <param name="second">Where the second vector of a panel's step stands; 0 where one holds all of it.</param>
    private void BeginPanels(float* panels, nint panelSize, int panelRows, nint second, Operand source, int depth, int panelCount, int tileCount)
    {
        this.source = source.Data;
        panel = panels;
        this.second = second;
        (part, partCount, partWidth, this.panelSize) = (0, panelCount, panelRows, panelSize);
        sourceStep = source.DepthStride - ((panelCount - 1) * partWidth);
        panelStep = panelRows - ((panelCount - 1) * panelSize);
        distance = (Distance + panelCount - 1) / panelCount * source.DepthStride;
        portionsLeft = depth * panelCount;
        pace = ((StepsPerAdvance * panelCount) + tileCount - 1) / tileCount;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AdvanceSource()
    {
        portionsLeft--;
        if (panel is null)
        {
            CacheLine.Prefetch(source);
            CacheLine.Prefetch(source + second);
            source += sourceStep;
            return;
        }

        CacheLine.Prefetch(source + distance);
        CacheLine.Prefetch(source + distance + second);
        TSimd.Store(panel, TSimd.Load(source));
        TSimd.Store(panel + second, TSimd.Load(source + second));
        if (++part < partCount)
        {
            source += partWidth;
            panel += panelSize;
            return;
        }

        part = 0;
        source += sourceStep;
        panel += panelStep;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void FetchTargetRow()
    {
        targetRowsLeft--;
        for (var column = 0; column < width; column += CacheLine.Floats)
            CacheLine.Prefetch(target + column);
        target += stride;
        if (companion is null)
            return;
        for (var column = 0; column < width; column += CacheLine.Floats)
            CacheLine.Prefetch(companion + column);
        companion += stride;
    }
}
