using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;

namespace PsGpt.Kernels.Gemm;

/// <summary>One tile of a product, of any height and width up to a full one.</summary>
internal static unsafe class EdgeTile<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>The columns of a tile, and so of a panel of B.</summary>
    public static int Columns => 2 * TSimd.Width;

    /// <summary>The tiles that some rows take, one below the other.</summary>
    public static int CountDown(int rows) => (rows + TSimd.TileRows - 1) / TSimd.TileRows;

    /// <summary>The tiles that some columns take, side by side.</summary>
    public static int CountAcross(int columns) => (columns + Columns - 1) / Columns;

    /// <summary>Rows rounded up to whole tiles.</summary>
    public static int PaddedRows(int rows) => CountDown(rows) * TSimd.TileRows;

    /// <summary>The height that a panel of A is packed to: the lowest tile that holds its rows. Panels of B are packed whole.</summary>
    public static int PaddedHeight(int validRows, int panelRows) =>
        panelRows == Columns ? panelRows : Math.Min(panelRows, (validRows + 3) / 4 * 4);

    /// <summary>c (height, width) = a · b, or c + a · b; nothing outside the tile is touched.</summary>
    /// <param name="depthStride">1 where A's rows are read in place, the columns of a tile where they are those of a block; otherwise the padded height of a packed panel.</param>
    /// <param name="squares">A vector to which the squares of what is stored are added, or null.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(int depth, float* a, nint rowStride, nint depthStride, float* b, float* c, nint stride, int height, int width, StoreMode store, float* squares, Lookahead<TSimd, TVector>* ahead)
    {
        var paddedHeight = PaddedHeight(height, TSimd.TileRows);
        if (height == paddedHeight && width == Columns)
        {
            MultiplyWhole(paddedHeight, depth, a, rowStride, depthStride, b, c, stride, store, squares, ahead);
            return;
        }

        var whole = stackalloc float[12 * 32];
        nint wholeStride = Columns;
        MultiplyWhole(paddedHeight, depth, a, rowStride, depthStride, b, whole, wholeStride, StoreMode.Write, squares: null, ahead);
        var sum = TSimd.Zero;
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column += TSimd.Width)
            {
                var target = c + (row * stride) + column;
                var value = TSimd.Load(whole + (row * wholeStride) + column);
                if (store == StoreMode.Add)
                    value = TSimd.Add(Masked<TSimd, TVector>.Load(target, width - column), value);
                Masked<TSimd, TVector>.Store(target, value, width - column);
                sum = TSimd.MultiplyAdd(value, value, sum);
            }
        }

        if (squares is not null)
            TSimd.Store(squares, TSimd.Add(TSimd.Load(squares), sum));
    }

    /// <summary>A tile of padded height and full width: the caller has room for all of it.</summary>
    /// <param name="depthStride">1 where A's rows are read in place, the columns of a tile where they are those of a block; otherwise <paramref name="height"/>, of a packed panel.</param>
    public static void MultiplyWhole(int height, int depth, float* a, nint rowStride, nint depthStride, float* b, float* c, nint stride, StoreMode store, float* squares, Lookahead<TSimd, TVector>* ahead)
    {
        switch (height)
        {
            case 12:
                MultiplyRows<TwelveRows>(depth, a, rowStride, depthStride, b, c, stride, store, squares, ahead);
                break;
            case 8:
                MultiplyRows<EightRows>(depth, a, rowStride, depthStride, b, c, stride, store, squares, ahead);
                break;
            case 6:
                MultiplyRows<SixRows>(depth, a, rowStride, depthStride, b, c, stride, store, squares, ahead);
                break;
            default:
                MultiplyRows<FourRows>(depth, a, rowStride, depthStride, b, c, stride, store, squares, ahead);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyRows<TRows>(int depth, float* a, nint rowStride, nint depthStride, float* b, float* c, nint stride, StoreMode store, float* squares, Lookahead<TSimd, TVector>* ahead)
        where TRows : struct, ITileHeight
    {
        if (depthStride == 1)
            MicroKernel<TSimd, TVector, TRows, UnpackedMicroPanel>.Multiply(depth, a, rowStride, b, c, stride, store, squares, ahead);
        else if (depthStride == Columns)
            MicroKernel<TSimd, TVector, TRows, TransposedMicroPanel<TSimd, TVector>>.Multiply(depth, a, rowStride, b, c, stride, store, squares, ahead);
        else
            MicroKernel<TSimd, TVector, TRows, PackedMicroPanel<TRows>>.Multiply(depth, a, rowStride, b, c, stride, store, squares, ahead);
    }
}
