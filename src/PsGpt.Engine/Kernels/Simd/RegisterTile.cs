using System.Runtime.CompilerServices;

namespace PsGpt.Kernels;

/// <summary>
/// The innermost loop of all products: a tile of <c>TRows</c> rows by two vectors of columns that stays in registers while
/// the depth runs.
/// </summary>
/// <remarks>
/// Each step loads two vectors of B, and for each row broadcasts one value of A into two fused multiply-adds: with twelve rows
/// 24 multiply-adds for 14 loads, which keeps both multiply units of a core busy. The values of a tile do not depend on where
/// the tile lies, so every element of a product has the same sum however the product is cut.
/// </remarks>
internal static unsafe class RegisterTile<TSimd, TVector, TRows>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
    where TRows : struct, IRowHeight
{
    /// <summary>c (rows, 2 vectors) = aᵀ · b, or c + aᵀ · b.</summary>
    /// <param name="a">A panel of A, (depth, rows).</param>
    /// <param name="b">A panel of B, (depth, 2 vectors).</param>
    /// <param name="c">The first value of the tile.</param>
    /// <param name="stride">The distance of two rows of c, in floats.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(int depth, float* a, float* b, float* c, nint stride, bool accumulate)
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
        for (var k = 0; k < depth; k++)
        {
            var leftB = TSimd.Load(b);
            var rightB = TSimd.Load(b + TSimd.Width);
            var a0 = TSimd.Broadcast(a[0]);
            left0 = TSimd.MultiplyAdd(a0, leftB, left0);
            right0 = TSimd.MultiplyAdd(a0, rightB, right0);
            var a1 = TSimd.Broadcast(a[1]);
            left1 = TSimd.MultiplyAdd(a1, leftB, left1);
            right1 = TSimd.MultiplyAdd(a1, rightB, right1);
            var a2 = TSimd.Broadcast(a[2]);
            left2 = TSimd.MultiplyAdd(a2, leftB, left2);
            right2 = TSimd.MultiplyAdd(a2, rightB, right2);
            var a3 = TSimd.Broadcast(a[3]);
            left3 = TSimd.MultiplyAdd(a3, leftB, left3);
            right3 = TSimd.MultiplyAdd(a3, rightB, right3);

            if (TRows.Rows > 4)
            {
                var a4 = TSimd.Broadcast(a[4]);
                left4 = TSimd.MultiplyAdd(a4, leftB, left4);
                right4 = TSimd.MultiplyAdd(a4, rightB, right4);
                var a5 = TSimd.Broadcast(a[5]);
                left5 = TSimd.MultiplyAdd(a5, leftB, left5);
                right5 = TSimd.MultiplyAdd(a5, rightB, right5);
            }

            if (TRows.Rows > 6)
            {
                var a6 = TSimd.Broadcast(a[6]);
                left6 = TSimd.MultiplyAdd(a6, leftB, left6);
                right6 = TSimd.MultiplyAdd(a6, rightB, right6);
                var a7 = TSimd.Broadcast(a[7]);
                left7 = TSimd.MultiplyAdd(a7, leftB, left7);
                right7 = TSimd.MultiplyAdd(a7, rightB, right7);
            }

            if (TRows.Rows > 8)
            {
                var a8 = TSimd.Broadcast(a[8]);
                left8 = TSimd.MultiplyAdd(a8, leftB, left8);
                right8 = TSimd.MultiplyAdd(a8, rightB, right8);
                var a9 = TSimd.Broadcast(a[9]);
                left9 = TSimd.MultiplyAdd(a9, leftB, left9);
                right9 = TSimd.MultiplyAdd(a9, rightB, right9);
                var a10 = TSimd.Broadcast(a[10]);
                left10 = TSimd.MultiplyAdd(a10, leftB, left10);
                right10 = TSimd.MultiplyAdd(a10, rightB, right10);
                var a11 = TSimd.Broadcast(a[11]);
                left11 = TSimd.MultiplyAdd(a11, leftB, left11);
                right11 = TSimd.MultiplyAdd(a11, rightB, right11);
            }

            a += TRows.Rows;
            b += 2 * TSimd.Width;
        }

        Store(c, left0, right0, accumulate);
        Store(c + stride, left1, right1, accumulate);
        Store(c + (2 * stride), left2, right2, accumulate);
        Store(c + (3 * stride), left3, right3, accumulate);
        if (TRows.Rows > 4)
        {
            Store(c + (4 * stride), left4, right4, accumulate);
            Store(c + (5 * stride), left5, right5, accumulate);
        }

        if (TRows.Rows > 6)
        {
            Store(c + (6 * stride), left6, right6, accumulate);
            Store(c + (7 * stride), left7, right7, accumulate);
        }

        if (TRows.Rows > 8)
        {
            Store(c + (8 * stride), left8, right8, accumulate);
            Store(c + (9 * stride), left9, right9, accumulate);
            Store(c + (10 * stride), left10, right10, accumulate);
            Store(c + (11 * stride), left11, right11, accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, TVector left, TVector right, bool accumulate)
    {
        if (accumulate)
        {
            left = TSimd.Add(TSimd.Load(c), left);
            right = TSimd.Add(TSimd.Load(c + TSimd.Width), right);
        }

        TSimd.Store(c, left);
        TSimd.Store(c + TSimd.Width, right);
    }
}
