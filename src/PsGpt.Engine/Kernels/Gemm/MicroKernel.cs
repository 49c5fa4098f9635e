using System.Runtime.CompilerServices;

namespace PsGpt.Kernels.Gemm;

internal static unsafe partial class Gemm<TSimd, TVector>
{
    /// <summary>The micro-kernel: a tile of C, (TRows, nr), stays in registers while K runs.</summary>
    /// <remarks>
    /// <code>
    ///               left  right     2 vectors of B, loaded at each step of K
    /// broadcast a0  row0  row0
    /// broadcast a1  row1  row1      2 · TRows accumulators: each step adds a · left and a · right to them
    ///        …       …     …
    /// broadcast a11 row11 row11
    /// </code>
    /// With twelve rows a step is 24 fused multiply-adds for 14 loads, which keeps both multiply units of a core busy. The compiler
    /// keeps accumulators in registers only if each is a local variable of its own, hence the twelve names. Two steps are taken at
    /// once, which halves the address arithmetic: where two threads share a core, its decoder is the limit. The values of a tile do
    /// not depend on where it lies, so every element of C is the same sum however C is cut. A's address and stride are separate
    /// parameters: a structure is copied to the stack in pieces from which the processor cannot forward its parts, so that each tile
    /// would wait until the stores of the one before it have reached the cache.
    /// </remarks>
    private static class MicroKernel<TRows, TPanel>
        where TRows : struct, ITileHeight
        where TPanel : struct, IMicroPanel<TPanel>
    {
        private static nint StepOfB => Nr;

        /// <summary>C (TRows, nr) = A · B, or C + A · B.</summary>
        /// <param name="a">The first value of A's rows.</param>
        /// <param name="rowStride">Floats from a row of A to the next, if A is not packed.</param>
        /// <param name="b">A packed micro-panel (K, nr).</param>
        /// <param name="ldc">Floats from a row of C to the next.</param>
        /// <param name="squares">A vector to which the squares of the stored values are added, or null.</param>
        /// <param name="lookahead">Work beside the tile's own, or null.</param>
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public static void Multiply(
            int k, float* a, nint rowStride, float* b, float* c, nint ldc, StoreMode store, float* squares, Lookahead* lookahead)
        {
            Accumulators row0 = default, row1 = default, row2 = default, row3 = default, row4 = default, row5 = default;
            Accumulators row6 = default, row7 = default, row8 = default, row9 = default, row10 = default, row11 = default;
            var panel = TPanel.At(a, rowStride);
            var end = b + (k * StepOfB);
            while (b < end)
            {
                if (lookahead is not null)
                    lookahead->Advance();
                var pause = b + (Lookahead.StepsPerAdvance * StepOfB);
                if (pause > end)
                    pause = end;
                while (b + StepOfB < pause)
                {
                    Step(
                        0, panel, b, ref row0, ref row1, ref row2, ref row3, ref row4, ref row5, ref row6, ref row7, ref row8, ref row9,
                        ref row10, ref row11);
                    Step(
                        1, panel, b, ref row0, ref row1, ref row2, ref row3, ref row4, ref row5, ref row6, ref row7, ref row8, ref row9,
                        ref row10, ref row11);
                    panel.Advance(2);
                    b += 2 * StepOfB;
                }

                if (b < pause)
                {
                    Step(
                        0, panel, b, ref row0, ref row1, ref row2, ref row3, ref row4, ref row5, ref row6, ref row7, ref row8, ref row9,
                        ref row10, ref row11);
                    panel.Advance(1);
                    b += StepOfB;
                }
            }

            Store(c, row0, store);
            Store(c + ldc, row1, store);
            Store(c + (2 * ldc), row2, store);
            Store(c + (3 * ldc), row3, store);
            if (TRows.Rows > 4)
            {
                Store(c + (4 * ldc), row4, store);
                Store(c + (5 * ldc), row5, store);
            }

            if (TRows.Rows > 6)
            {
                Store(c + (6 * ldc), row6, store);
                Store(c + (7 * ldc), row7, store);
            }

            if (TRows.Rows > 8)
            {
                Store(c + (8 * ldc), row8, store);
                Store(c + (9 * ldc), row9, store);
                Store(c + (10 * ldc), row10, store);
                Store(c + (11 * ldc), row11, store);
            }

            if (squares is null)
                return;
            TVector even = TSimd.Load(squares), odd = TSimd.Zero;
            if (store == StoreMode.Add)
            {
                // Read back from the first-level cache: the registers hold only the terms that were added.
                for (var row = 0; row < TRows.Rows; row++)
                    even = Square(TSimd.Load(c + (row * ldc)), TSimd.Load(c + (row * ldc) + TSimd.Width), even);
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

        /// <summary>One step of K.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Step(
            int step, in TPanel panel, float* b, ref Accumulators row0, ref Accumulators row1, ref Accumulators row2,
            ref Accumulators row3, ref Accumulators row4, ref Accumulators row5, ref Accumulators row6, ref Accumulators row7,
            ref Accumulators row8, ref Accumulators row9, ref Accumulators row10, ref Accumulators row11)
        {
            var left = TSimd.Load(b + (step * StepOfB));
            var right = TSimd.Load(b + (step * StepOfB) + TSimd.Width);
            row0.Add(panel.Value(0, step), left, right);
            row1.Add(panel.Value(1, step), left, right);
            row2.Add(panel.Value(2, step), left, right);
            row3.Add(panel.Value(3, step), left, right);
            if (TRows.Rows > 4)
            {
                row4.Add(panel.Value(4, step), left, right);
                row5.Add(panel.Value(5, step), left, right);
            }

            if (TRows.Rows > 6)
            {
                row6.Add(panel.Value(6, step), left, right);
                row7.Add(panel.Value(7, step), left, right);
            }

            if (TRows.Rows > 8)
            {
                row8.Add(panel.Value(8, step), left, right);
                row9.Add(panel.Value(9, step), left, right);
                row10.Add(panel.Value(10, step), left, right);
                row11.Add(panel.Value(11, step), left, right);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Store(float* c, in Accumulators row, StoreMode store)
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
}
