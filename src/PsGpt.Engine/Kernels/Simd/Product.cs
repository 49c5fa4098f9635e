using System.Runtime.CompilerServices;

namespace PsGpt.Kernels;

/// <summary>
/// C (M,N) = A · Bᵀ over packed panels: the one product behind a layer's forward pass, its input gradient and its weight
/// gradient, which differ only in the strides of A and B.
/// </summary>
/// <remarks>
/// The depth is cut into blocks. In each block all threads first pack the operand with fewer rows together; then each thread
/// takes groups of panels of the other operand, packs them for itself, and multiplies them with everything that is shared. So
/// the larger operand, a weight matrix mostly, is read from memory once and its packed form never leaves the caches.
/// </remarks>
internal static unsafe class Product<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>A block's panel of B is at most 48 KiB, its panel of A 18 KiB: together about a first-level cache.</summary>
    private const int LongestDepth = 384;

    /// <summary>Twice that where the shared operand still fits a second-level cache: the product is written in fewer passes.</summary>
    private const int LongestSharedDepth = 768;

    private const int MostSharedFloats = 1 << 18;

    /// <summary>The multiply-adds of a task that is worth a thread's while, about 10 µs.</summary>
    private const int WorthwhileWork = 1 << 20;

    /// <summary>Rows of A that a thread packs for itself at once: 150 KB, well within a second-level cache.</summary>
    private const int MostOwnPanels = 8;

    private static int PanelColumns => 2 * TSimd.Width;

    /// <summary>Computes the product, rows of C being <paramref name="columns"/> apart.</summary>
    public static void Multiply(ThreadTeam team, float* c, Operand a, Operand b, int rows, int columns, int depth, bool accumulate, in Epilogue epilogue)
    {
        var longest = (long)Math.Min(rows, columns) * LongestSharedDepth <= MostSharedFloats ? LongestSharedDepth : LongestDepth;
        var blockCount = (depth + longest - 1) / longest;
        for (var block = 0; block < blockCount; block++)
        {
            var start = (int)((long)depth * block / blockCount);
            var length = (int)((long)depth * (block + 1) / blockCount) - start;
            var isLast = block == blockCount - 1;
            var state = new Block(c, columns, rows, columns, length, accumulate || block > 0, isLast ? epilogue : default);
            var (blockA, blockB) = (a.From(0, start), b.From(0, start));
            if (rows <= columns)
                MultiplySharedA(team, state, blockA, blockB);
            else
                MultiplySharedB(team, state, blockA, blockB);
        }
    }

    private static void MultiplySharedA(ThreadTeam team, Block block, Operand a, Operand b)
    {
        var panels = PanelCount(block.Rows, TSimd.TileRows);
        var shared = Scratch.Get(ScratchSlot.SharedPanels, (nint)panels * TSimd.TileRows * block.Depth);
        team.For(panels, PackGrain(TSimd.TileRows, block.Depth), new PackTask(shared, a, block.Rows, block.Depth, TSimd.TileRows));
        var work = (long)block.Rows * PanelColumns * block.Depth;
        team.For(PanelCount(block.Columns, PanelColumns), (int)Math.Clamp(WorthwhileWork / work, 1, 16), new ColumnsTask(block, shared, b));
    }

    private static void MultiplySharedB(ThreadTeam team, Block block, Operand a, Operand b)
    {
        var panels = PanelCount(block.Columns, PanelColumns);
        var shared = Scratch.Get(ScratchSlot.SharedPanels, (nint)panels * PanelColumns * block.Depth);
        team.For(panels, PackGrain(PanelColumns, block.Depth), new PackTask(shared, b, block.Columns, block.Depth, PanelColumns));
        var work = (long)block.Columns * TSimd.TileRows * block.Depth;
        var rowPanels = PanelCount(block.Rows, TSimd.TileRows);
        var fair = Math.Max(1, rowPanels / (4 * team.ThreadCount));
        team.For(rowPanels, (int)Math.Clamp(4 * WorthwhileWork / work, 1, Math.Min(fair, MostOwnPanels)), new RowsTask(block, shared, a));
    }

    private static int PanelCount(int rows, int panelRows) => (rows + panelRows - 1) / panelRows;

    private static int PackGrain(int panelRows, int depth) => Math.Max(1, 16384 / (panelRows * depth));

    /// <summary>One block of the depth: where its product goes and what happens to it.</summary>
    private readonly struct Block(float* c, nint stride, int rows, int columns, int depth, bool accumulate, Epilogue epilogue)
    {
        public int Rows { get; } = rows;

        public int Columns { get; } = columns;

        public int Depth { get; } = depth;

        /// <summary>Multiplies panels of A, from a row on, with one panel of B.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Multiply(float* aPanels, int firstRow, int endRow, float* bPanel, int column)
        {
            var width = Math.Min(PanelColumns, Columns - column);
            for (var row = firstRow; row < endRow; row += TSimd.TileRows, aPanels += (nint)TSimd.TileRows * Depth)
            {
                var height = Math.Min(TSimd.TileRows, endRow - row);
                var target = c + (row * stride) + column;
                ProductTile<TSimd, TVector>.Multiply(Depth, aPanels, bPanel, target, stride, height, width, accumulate);
                if (!epilogue.IsEmpty)
                    EpiloguePass<TSimd, TVector>.Apply(epilogue, target, (row * stride) + column, column, stride, height, width);
            }
        }
    }

    /// <summary>Packs panels of one operand, items being panels.</summary>
    private readonly struct PackTask(float* panels, Operand source, int rows, int depth, int panelRows) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            for (var panel = start; panel < end; panel++)
            {
                var row = panel * panelRows;
                var validRows = Math.Min(panelRows, rows - row);
                var height = ProductTile<TSimd, TVector>.PaddedHeight(validRows, panelRows);
                PanelPacking<TSimd, TVector>.Pack(
                    panels + ((nint)row * depth), source.From(row, 0), height, rows - row, depth);
            }
        }
    }

    /// <summary>Panels of B against all of A, items being panels of B.</summary>
    private readonly struct ColumnsTask(Block block, float* aPanels, Operand b) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            var own = Scratch.Get(ScratchSlot.OwnPanels, (nint)PanelColumns * block.Depth);
            for (var panel = start; panel < end; panel++)
            {
                var column = panel * PanelColumns;
                PanelPacking<TSimd, TVector>.Pack(
                    own, b.From(column, 0), PanelColumns, block.Columns - column, block.Depth);
                block.Multiply(aPanels, 0, block.Rows, own, column);
            }
        }
    }

    /// <summary>Panels of A against all of B, items being panels of A.</summary>
    private readonly struct RowsTask(Block block, float* bPanels, Operand a) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            for (; start < end; start += MostOwnPanels)
            {
                var panels = Math.Min(MostOwnPanels, end - start);
                var own = Scratch.Get(ScratchSlot.OwnPanels, (nint)panels * TSimd.TileRows * block.Depth);
                new PackTask(own, a.From(start * TSimd.TileRows, 0), block.Rows - (start * TSimd.TileRows), block.Depth, TSimd.TileRows)
                    .Execute(0, panels);
                var endRow = Math.Min(block.Rows, (start + panels) * TSimd.TileRows);
                for (var column = 0; column < block.Columns; column += PanelColumns)
                    block.Multiply(own, start * TSimd.TileRows, endRow, bPanels + ((nint)column * block.Depth), column);
            }
        }
    }
}
