using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Gemm;

/// <summary>
/// B's columns as the packed panels that a product's tiles read. A small B is packed by each thread for itself: to pack it takes less
/// than to fetch from another's cache what that one has packed. A large one is packed by all threads together.
/// </summary>
/// <param name="shared">The panels that all threads read, or null.</param>
/// <param name="stamp">Of the panels that each thread packs.</param>
internal readonly unsafe struct PanelsOfB<TSimd, TVector>(float* shared, Operand b, int columns, int depth, long stamp)
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>A megabyte: most second-level caches hold the best part of it.</summary>
    private const int MostOwnFloats = 1 << 18;

    private static int PanelColumns => EdgeTile<TSimd, TVector>.Columns;

    /// <summary>Whether each thread packs for itself.</summary>
    public static bool AreOwn(int columns, int depth) => Length(columns, depth) <= MostOwnFloats;

    /// <summary>Packs what all threads share; it is valid until this thread prepares the next.</summary>
    public static PanelsOfB<TSimd, TVector> Prepare(ThreadTeam team, Operand b, int columns, int depth)
    {
        if (AreOwn(columns, depth))
            return new(null, b, columns, depth, Scratch.NextStamp());
        var shared = Scratch.Get(ScratchSlot.SharedPanels, Length(columns, depth));
        PackTask<TSimd, TVector>.Run(team, shared, b, columns, new KBlocks(depth, depth), PanelColumns);
        return new(shared, b, columns, depth, stamp: 0);
    }

    /// <summary>The panels (columns / columns of a tile, depth, columns of a tile) for this thread, which packs its own when it first asks.</summary>
    public float* Get()
    {
        if (shared is not null)
            return shared;
        var own = Scratch.Get(ScratchSlot.OwnColumns, Length(columns, depth), stamp, out var isFilled);
        if (!isFilled)
            Packing<TSimd, TVector>.PackAll(own, b, PanelColumns, columns, depth);
        return own;
    }

    private static nint Length(int columns, int depth) => (nint)EdgeTile<TSimd, TVector>.CountAcross(columns) * PanelColumns * depth;
}
