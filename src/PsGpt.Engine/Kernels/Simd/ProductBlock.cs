using System.Runtime.CompilerServices;

namespace PsGpt.Kernels;

/// <summary>A block of a product's depth: where its sums go, and what happens to them.</summary>
/// <param name="c">The product, (rows, columns).</param>
/// <param name="epilogue">Of the whole depth's product, so only for its last block.</param>
internal readonly unsafe struct ProductBlock<TSimd, TVector>(float* c, int rows, int columns, int depth, TileStore store, Epilogue epilogue)
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>The columns of a tile, and so of a panel of B.</summary>
    public static int PanelColumns => 2 * TSimd.Width;

    public int Rows => rows;

    public int Columns => columns;

    public int Depth => depth;

    /// <summary>A part of this block: the first one stores as the block does, and the last one is followed by the epilogue.</summary>
    public ProductBlock<TSimd, TVector> Part(int first, int length) =>
        new(c, rows, columns, length, first == 0 ? store : TileStore.Add, first + length == depth ? epilogue : default);

    /// <summary>Computes the tile that begins at a row and a column.</summary>
    /// <param name="a">At the tile's first row. Read in place it must have all rows of a tile; a panel is as high as it was packed.</param>
    /// <param name="bPanel">(depth, columns of a tile).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Multiply(in Operand a, int row, float* bPanel, int column, TileAhead<TSimd, TVector>* ahead)
    {
        var (height, width) = (Math.Min(TSimd.TileRows, rows - row), Math.Min(PanelColumns, columns - column));
        Fetch(row, column, height, width);
        ProductTile<TSimd, TVector>.Multiply(depth, a.Data, a.RowStride, a.DepthStride, bPanel, At(row, column), columns, height, width, store, ahead);
        Finish(row, column, height, width);
    }

    /// <summary>An element of the product.</summary>
    public float* At(int row, int column) => c + ((nint)row * columns) + column;

    /// <summary>Asks for the memory that writing and finishing a part of the product will touch.</summary>
    public void Fetch(int row, int column, int height, int width)
    {
        var offset = ((nint)row * columns) + column;
        if (store != TileStore.Stream)
            ProductTile<TSimd, TVector>.Fetch(c + offset, columns, height, width);
        if (epilogue.Operand is not null)
            ProductTile<TSimd, TVector>.Fetch(epilogue.Operand + offset, columns, height, width);
    }

    /// <summary>Applies the epilogue to a part of the product that has been written.</summary>
    public void Finish(int row, int column, int height, int width)
    {
        if (!epilogue.IsEmpty)
            EpiloguePass<TSimd, TVector>.Apply(epilogue, At(row, column), ((nint)row * columns) + column, column, columns, height, width);
    }
}
