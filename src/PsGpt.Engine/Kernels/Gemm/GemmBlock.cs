using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;

namespace PsGpt.Kernels.Gemm;

/// <summary>A block of a product's depth: where its sums go, and what happens to them.</summary>
/// <param name="c">The product, (rows, columns).</param>
/// <param name="rowSums">Takes the sums of A's rows over the depth as well, (rows), or null.</param>
/// <param name="squares">Of the whole depth's product, so only in its last block, part after part.</param>
/// <param name="epilogue">Of the whole depth's product, so only for its last block.</param>
internal readonly unsafe struct GemmBlock<TSimd, TVector>(float* c, float* rowSums, int rows, int columns, int depth, StoreMode store, SquaredNorm<TSimd, TVector> squares, Epilogue epilogue)
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public int Rows => rows;

    public int Columns => columns;

    public int Depth => depth;

    /// <summary>Whether A's rows are summed, which then have to be packed.</summary>
    public bool HasRowSums => rowSums is not null;

    /// <summary>A part of this block: the first one stores as the block does, and the last one is followed by the epilogue.</summary>
    public GemmBlock<TSimd, TVector> Part(int first, int length) =>
        first + length == depth
            ? new(c, rowSums, rows, columns, length, first == 0 ? store : StoreMode.Add, squares, epilogue)
            : new(c, rowSums, rows, columns, length, first == 0 ? store : StoreMode.Add, default, default);

    /// <summary>Computes the tile that begins at a row and a column.</summary>
    /// <param name="a">At the tile's first row. Read in place it must have all rows of a tile; a panel is as high as it was packed.</param>
    /// <param name="bPanel">(depth, columns of a tile).</param>
    /// <param name="part">The part of the product whose squares the tile's go to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Multiply(in Operand a, int row, float* bPanel, int column, int part, Lookahead<TSimd, TVector>* ahead)
    {
        var (height, width) = (Math.Min(TSimd.TileRows, rows - row), Math.Min(EdgeTile<TSimd, TVector>.Columns, columns - column));
        EdgeTile<TSimd, TVector>.Multiply(depth, a.Data, a.RowStride, a.DepthStride, bPanel, At(row, column), columns, height, width, store, squares.Of(part), ahead);
        Finish(row, column, height, width);
    }

    /// <summary>Sums the rows of a packed tile of A, if that is asked for.</summary>
    /// <param name="tile">With readable memory for a vector behind its end.</param>
    public void SumRows(in Operand tile, int row)
    {
        if (HasRowSums)
            RowReduction<TSimd, TVector>.Take(rowSums + row, tile.Data, (int)tile.DepthStride, Math.Min(TSimd.TileRows, rows - row), depth, store == StoreMode.Add);
    }

    /// <summary>An element of the product.</summary>
    public float* At(int row, int column) => c + Offset(row, column);

    /// <summary>
    /// Has tiles ask for the memory that writing and finishing the part after them will touch, which takes longer than a store can wait
    /// without holding up the next tile.
    /// </summary>
    /// <param name="height">The rows of the part, of which the product may have less, or none.</param>
    public void FetchAhead(int row, int column, int height, int width, Lookahead<TSimd, TVector>* ahead)
    {
        if (store == StoreMode.Stream || row >= rows || column >= columns)
            return;
        var companion = epilogue.Companion is null ? null : epilogue.Companion + Offset(row, column);
        ahead->FetchTarget(At(row, column), companion, columns, Math.Min(height, rows - row), Math.Min(width, columns - column), depth);
    }

    /// <summary>Applies the epilogue to a part of the product that has been written.</summary>
    public void Finish(int row, int column, int height, int width)
    {
        if (!epilogue.IsEmpty)
            EpiloguePass<TSimd, TVector>.Apply(epilogue, At(row, column), Offset(row, column), column, columns, height, width);
    }

    private nint Offset(int row, int column) => ((nint)row * columns) + column;
}
