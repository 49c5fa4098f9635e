using System.Runtime.CompilerServices;

namespace PsGpt.Kernels;

/// <summary>
/// The innermost loop of all products: a tile of <c>TRows</c> rows by two vectors of columns that stays in registers while
/// the depth runs.
/// </summary>
/// <remarks>
/// Each step loads two vectors of B, and for each row broadcasts one value of A into two fused multiply-adds: with twelve rows
/// 24 multiply-adds for 14 loads, which keeps both multiply units of a core busy. The values of a tile do not depend on where
/// the tile lies, so every element of a product has the same sum however the product is cut. A's address and strides come one by
/// one: a structure is copied to the stack in pieces from which the processor cannot forward its parts, so that each tile would
/// wait until all that the one before it wrote has reached the cache.
/// </remarks>
internal static unsafe class RegisterTile<TSimd, TVector, TRows>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
    where TRows : struct, IRowHeight
{
    /// <summary>Steps of the depth between two portions of the work ahead.</summary>
    private const int StepsPerPortion = 16;

    /// <summary>c (rows, 2 vectors) = a · b, or c + a · b.</summary>
    /// <param name="a">The first value of A's rows.</param>
    /// <param name="rowStride">Floats from a row of A to the next: 1 in a panel.</param>
    /// <param name="depthStride">Floats from a step of A's depth to the next: 1 in a matrix that is read in place.</param>
    /// <param name="b">A panel of B, (depth, 2 vectors).</param>
    /// <param name="c">The first value of the tile.</param>
    /// <param name="stride">The distance of two rows of c, in floats.</param>
    /// <param name="squares">A vector to which the squares of what is stored are added, or null.</param>
    /// <param name="ahead">What is done beside it, or null.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(int depth, float* a, nint rowStride, nint depthStride, float* b, float* c, nint stride, TileStore store, float* squares, TileAhead<TSimd, TVector>* ahead)
    {
        TVector left0 = TSimd.Zero, right0 = TSimd.Zero;
        TVector left1 = TSimd.Zero, right1 = TSimd.Zero;
        TVector left2 = TSimd.Zero, right2 = TSimd.Zero;
        TVector left3 = TSimd.Zero, right3 = TSimd.Zero;
        TVector left4 = TSimd.Zero, right4 = TSimd.Zero;
        TVector left5 = TSimd.Zero, right5 = TSimd.Zero;
        TVector left6 = TSimd.Zero, right6 = TSimd.Zero;
        TVector left7 = TSimd.Zero, right7 = TSimd.Zero;
        TVector left8 = TSimd.Zero, right8 = TSimd.Zero;
        TVector left9 = TSimd.Zero, right9 = TSimd.Zero;
        TVector left10 = TSimd.Zero, right10 = TSimd.Zero;
        TVector left11 = TSimd.Zero, right11 = TSimd.Zero;

        // Three rows share a base address, since an address takes a multiple of 1 or 2 of the stride at no cost.
        var a0 = a;
        var a3 = a0 + (3 * rowStride);
        var a6 = a0 + (6 * rowStride);
        var a9 = a0 + (9 * rowStride);
        for (var k = 0; k < depth;)
        {
            if (ahead is not null)
                ahead->Advance();
            var pause = Math.Min(k + StepsPerPortion, depth);
            for (; k < pause; k++)
            {
                var leftB = TSimd.Load(b);
                var rightB = TSimd.Load(b + TSimd.Width);
                var row0 = TSimd.Broadcast(a0[0]);
                left0 = TSimd.MultiplyAdd(row0, leftB, left0);
                right0 = TSimd.MultiplyAdd(row0, rightB, right0);
                var row1 = TSimd.Broadcast(a0[rowStride]);
                left1 = TSimd.MultiplyAdd(row1, leftB, left1);
                right1 = TSimd.MultiplyAdd(row1, rightB, right1);
                var row2 = TSimd.Broadcast(a0[2 * rowStride]);
                left2 = TSimd.MultiplyAdd(row2, leftB, left2);
                right2 = TSimd.MultiplyAdd(row2, rightB, right2);
                var row3 = TSimd.Broadcast(a3[0]);
                left3 = TSimd.MultiplyAdd(row3, leftB, left3);
                right3 = TSimd.MultiplyAdd(row3, rightB, right3);

                if (TRows.Rows > 4)
                {
                    var row4 = TSimd.Broadcast(a3[rowStride]);
                    left4 = TSimd.MultiplyAdd(row4, leftB, left4);
                    right4 = TSimd.MultiplyAdd(row4, rightB, right4);
                    var row5 = TSimd.Broadcast(a3[2 * rowStride]);
                    left5 = TSimd.MultiplyAdd(row5, leftB, left5);
                    right5 = TSimd.MultiplyAdd(row5, rightB, right5);
                }

                if (TRows.Rows > 6)
                {
                    var row6 = TSimd.Broadcast(a6[0]);
                    left6 = TSimd.MultiplyAdd(row6, leftB, left6);
                    right6 = TSimd.MultiplyAdd(row6, rightB, right6);
                    var row7 = TSimd.Broadcast(a6[rowStride]);
                    left7 = TSimd.MultiplyAdd(row7, leftB, left7);
                    right7 = TSimd.MultiplyAdd(row7, rightB, right7);
                }

                if (TRows.Rows > 8)
                {
                    var row8 = TSimd.Broadcast(a6[2 * rowStride]);
                    left8 = TSimd.MultiplyAdd(row8, leftB, left8);
                    right8 = TSimd.MultiplyAdd(row8, rightB, right8);
                    var row9 = TSimd.Broadcast(a9[0]);
                    left9 = TSimd.MultiplyAdd(row9, leftB, left9);
                    right9 = TSimd.MultiplyAdd(row9, rightB, right9);
                    var row10 = TSimd.Broadcast(a9[rowStride]);
                    left10 = TSimd.MultiplyAdd(row10, leftB, left10);
                    right10 = TSimd.MultiplyAdd(row10, rightB, right10);
                    var row11 = TSimd.Broadcast(a9[2 * rowStride]);
                    left11 = TSimd.MultiplyAdd(row11, leftB, left11);
                    right11 = TSimd.MultiplyAdd(row11, rightB, right11);
                }

                a0 += depthStride;
                a3 += depthStride;
                a6 += depthStride;
                a9 += depthStride;
                b += 2 * TSimd.Width;
            }
        }

        Store(c, left0, right0, store);
        Store(c + stride, left1, right1, store);
        Store(c + (2 * stride), left2, right2, store);
        Store(c + (3 * stride), left3, right3, store);
        if (TRows.Rows > 4)
        {
            Store(c + (4 * stride), left4, right4, store);
            Store(c + (5 * stride), left5, right5, store);
        }

        if (TRows.Rows > 6)
        {
            Store(c + (6 * stride), left6, right6, store);
            Store(c + (7 * stride), left7, right7, store);
        }

        if (TRows.Rows > 8)
        {
            Store(c + (8 * stride), left8, right8, store);
            Store(c + (9 * stride), left9, right9, store);
            Store(c + (10 * stride), left10, right10, store);
            Store(c + (11 * stride), left11, right11, store);
        }

        if (squares is null)
            return;
        TVector even = TSimd.Load(squares), odd = TSimd.Zero;
        if (store == TileStore.Add)
        {
            // Read back from the first cache: the registers hold what was added.
            for (var row = 0; row < TRows.Rows; row++)
                even = Square(TSimd.Load(c + (row * stride)), TSimd.Load(c + (row * stride) + TSimd.Width), even);
            TSimd.Store(squares, even);
            return;
        }

        even = Square(left0, right0, even);
        odd = Square(left1, right1, odd);
        even = Square(left2, right2, even);
        odd = Square(left3, right3, odd);
        if (TRows.Rows > 4)
        {
            even = Square(left4, right4, even);
            odd = Square(left5, right5, odd);
        }

        if (TRows.Rows > 6)
        {
            even = Square(left6, right6, even);
            odd = Square(left7, right7, odd);
        }

        if (TRows.Rows > 8)
        {
            even = Square(left8, right8, even);
            odd = Square(left9, right9, odd);
            even = Square(left10, right10, even);
            odd = Square(left11, right11, odd);
        }

        TSimd.Store(squares, TSimd.Add(even, odd));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, TVector left, TVector right, TileStore store)
    {
        if (store == TileStore.Stream)
        {
            TSimd.Stream(c, left);
            TSimd.Stream(c + TSimd.Width, right);
            return;
        }

        if (store == TileStore.Add)
        {
            left = TSimd.Add(TSimd.Load(c), left);
            right = TSimd.Add(TSimd.Load(c + TSimd.Width), right);
        }

        TSimd.Store(c, left);
        TSimd.Store(c + TSimd.Width, right);
    }

    /// <summary>The squares of a row, added to others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Square(TVector left, TVector right, TVector squares) =>
        TSimd.MultiplyAdd(right, right, TSimd.MultiplyAdd(left, left, squares));
}
