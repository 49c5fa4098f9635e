using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;

namespace PsGpt.Kernels.Gemm;

/// <summary>
/// The innermost loop of all products: a tile of <c>TRows</c> rows by two vectors of columns that stays in registers while
/// the depth runs.
/// </summary>
/// <remarks>
/// Each step loads two vectors of B, and for each row broadcasts one value of A into two fused multiply-adds: with twelve rows
/// 24 multiply-adds for 14 loads, which keeps both multiply units of a core busy. Two steps are taken at once, which halves the arithmetic
/// on addresses: where two threads share a core, what it can decode is what limits them. The values of a tile do not depend on where
/// the tile lies, so every element of a product has the same sum however the product is cut. A's address and stride come one by
/// one: a structure is copied to the stack in pieces from which the processor cannot forward its parts, so that each tile would
/// wait until all that the one before it wrote has reached the cache.
/// </remarks>
internal static unsafe class MicroKernel<TSimd, TVector, TRows, TOperand>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
    where TRows : struct, ITileHeight
    where TOperand : struct, IMicroPanel<TOperand>
{
    private static nint StepOfB => 2 * TSimd.Width;

    /// <summary>c (rows, 2 vectors) = a · b, or c + a · b.</summary>
    /// <param name="a">The first value of A's rows.</param>
    /// <param name="rowStride">Floats from a row of A to the next, where it is read in place.</param>
    /// <param name="b">A panel of B, (depth, 2 vectors).</param>
    /// <param name="c">The first value of the tile.</param>
    /// <param name="stride">The distance of two rows of c, in floats.</param>
    /// <param name="squares">A vector to which the squares of what is stored are added, or null.</param>
    /// <param name="ahead">What is done beside it, or null.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(int depth, float* a, nint rowStride, float* b, float* c, nint stride, StoreMode store, float* squares, Lookahead<TSimd, TVector>* ahead)
    {
        Accumulators<TSimd, TVector> row0 = default, row1 = default, row2 = default, row3 = default, row4 = default, row5 = default;
        Accumulators<TSimd, TVector> row6 = default, row7 = default, row8 = default, row9 = default, row10 = default, row11 = default;
        var operand = TOperand.At(a, rowStride);
        var end = b + (depth * StepOfB);
        while (b < end)
        {
            if (ahead is not null)
                ahead->Advance();
            var pause = b + (Lookahead<TSimd, TVector>.StepsPerAdvance * StepOfB);
            if (pause > end)
                pause = end;
            while (b + StepOfB < pause)
            {
                Step(0, operand, b, ref row0, ref row1, ref row2, ref row3, ref row4, ref row5, ref row6, ref row7, ref row8, ref row9, ref row10, ref row11);
                Step(1, operand, b, ref row0, ref row1, ref row2, ref row3, ref row4, ref row5, ref row6, ref row7, ref row8, ref row9, ref row10, ref row11);
                operand.Advance(2);
                b += 2 * StepOfB;
            }

            if (b < pause)
            {
                Step(0, operand, b, ref row0, ref row1, ref row2, ref row3, ref row4, ref row5, ref row6, ref row7, ref row8, ref row9, ref row10, ref row11);
                operand.Advance(1);
                b += StepOfB;
            }
        }

        Store(c, row0, store);
        Store(c + stride, row1, store);
        Store(c + (2 * stride), row2, store);
        Store(c + (3 * stride), row3, store);
        if (TRows.Rows > 4)
        {
            Store(c + (4 * stride), row4, store);
            Store(c + (5 * stride), row5, store);
        }

        if (TRows.Rows > 6)
        {
            Store(c + (6 * stride), row6, store);
            Store(c + (7 * stride), row7, store);
        }

        if (TRows.Rows > 8)
        {
            Store(c + (8 * stride), row8, store);
            Store(c + (9 * stride), row9, store);
            Store(c + (10 * stride), row10, store);
            Store(c + (11 * stride), row11, store);
        }

        if (squares is null)
            return;
        TVector even = TSimd.Load(squares), odd = TSimd.Zero;
        if (store == StoreMode.Add)
        {
            // Read back from the first cache: the registers hold what was added.
            for (var row = 0; row < TRows.Rows; row++)
                even = Square(TSimd.Load(c + (row * stride)), TSimd.Load(c + (row * stride) + TSimd.Width), even);
            TSimd.Store(squares, even);
            return;
        }

        even = Square(row0.Left, row0.Right, even);
        odd = Square(row1.Left, row1.Right, odd);
        even = Square(row2.Left, row2.Right, even);
        odd = Square(row3.Left, row3.Right, odd);
        if (TRows.Rows > 4)
        {
            even = Square(row4.Left, row4.Right, even);
            odd = Square(row5.Left, row5.Right, odd);
        }

        if (TRows.Rows > 6)
        {
            even = Square(row6.Left, row6.Right, even);
            odd = Square(row7.Left, row7.Right, odd);
        }

        if (TRows.Rows > 8)
        {
            even = Square(row8.Left, row8.Right, even);
            odd = Square(row9.Left, row9.Right, odd);
            even = Square(row10.Left, row10.Right, even);
            odd = Square(row11.Left, row11.Right, odd);
        }

        TSimd.Store(squares, TSimd.Add(even, odd));
    }

    /// <summary>One step of the depth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(
        int step, in TOperand operand, float* b, ref Accumulators<TSimd, TVector> row0, ref Accumulators<TSimd, TVector> row1, ref Accumulators<TSimd, TVector> row2, ref Accumulators<TSimd, TVector> row3,
        ref Accumulators<TSimd, TVector> row4, ref Accumulators<TSimd, TVector> row5, ref Accumulators<TSimd, TVector> row6, ref Accumulators<TSimd, TVector> row7,
        ref Accumulators<TSimd, TVector> row8, ref Accumulators<TSimd, TVector> row9, ref Accumulators<TSimd, TVector> row10, ref Accumulators<TSimd, TVector> row11)
    {
        var left = TSimd.Load(b + (step * StepOfB));
        var right = TSimd.Load(b + (step * StepOfB) + TSimd.Width);
        row0.Add(operand.Value(0, step), left, right);
        row1.Add(operand.Value(1, step), left, right);
        row2.Add(operand.Value(2, step), left, right);
        row3.Add(operand.Value(3, step), left, right);
        if (TRows.Rows > 4)
        {
            row4.Add(operand.Value(4, step), left, right);
            row5.Add(operand.Value(5, step), left, right);
        }

        if (TRows.Rows > 6)
        {
            row6.Add(operand.Value(6, step), left, right);
            row7.Add(operand.Value(7, step), left, right);
        }

        if (TRows.Rows > 8)
        {
            row8.Add(operand.Value(8, step), left, right);
            row9.Add(operand.Value(9, step), left, right);
            row10.Add(operand.Value(10, step), left, right);
            row11.Add(operand.Value(11, step), left, right);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, in Accumulators<TSimd, TVector> row, StoreMode store)
    {
        var (left, right) = (row.Left, row.Right);
        if (store == StoreMode.Stream)
        {
            TSimd.Stream(c, left);
            TSimd.Stream(c + TSimd.Width, right);
            return;
        }

        if (store == StoreMode.Add)
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
