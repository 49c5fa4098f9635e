using System.Runtime.CompilerServices;
using PsGpt.Kernels.Gemm;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Attention;

/// <summary>
/// Causal self-attention in blocks, so that nothing of size (T,T) is ever stored: O = P V with P = softmax(Q Kᵀ / √HS). Only the
/// logarithm of each row's sum of exponentials is kept for the backward pass.
/// </summary>
/// <remarks>Dao et al., FlashAttention (2022), with blocks of queries against all keys; its names: S, P, O, dP, dS, D.</remarks>
internal static unsafe partial class Attention<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public static void Forward(
        ThreadTeam team, float* output, float* logSumExp, float* queryKeyValue, AttentionShape shape, DropoutMask dropout) =>
        team.For(shape.HeadCount, 1, new ForwardTask(output, logSumExp, queryKeyValue, shape, dropout));

    /// <summary>
    /// Items are heads. The scores of a block of queries are stored transposed, (keys, queries): a softmax then runs down the rows, all
    /// queries of the block at once, and the product with V reads them as their transpose.
    /// </summary>
    private readonly struct ForwardTask(
        float* output, float* logSumExp, float* queryKeyValue, AttentionShape shape, DropoutMask dropout) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            for (var index = start; index < end; index++)
                AttendAll(index, AttentionHead.Of(queryKeyValue, index, shape));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void AttendAll(int index, AttentionHead head)
        {
            var (T, HS, blockSize) = (head.Length, head.Size, BlockSize);
            var (keyLength, valueLength) = (Products.RowsLength(T, HS), Products.ColumnsLength(T, HS));
            var blockLength = (nint)blockSize * (HS + Gemm<TSimd, TVector>.PaddedM(T));
            var keys = Scratch.Get(ScratchSlot.AttentionHead, keyLength + valueLength + blockLength + TSimd.Mr);
            var values = keys + keyLength;
            var query = values + valueLength;
            var P = query + ((nint)HS * blockSize);
            Products.CopyRows(keys, head.ByPosition(head.Key), T, HS);
            Products.PackColumns(values, head.ByValue(head.Value), HS, T);
            for (var first = 0; first < T; first += blockSize)
            {
                var columns = Math.Min(blockSize, T - first);
                var keyCount = first + columns;
                Products.PackBlock(query, head.ByPosition(head.Query + ((nint)first * head.Stride)), columns, HS);
                Products.Multiply(P, keys, query, 0, keyCount, HS);
                var sum = Softmax(P, first, keyCount, index, head.Scale);
                var target = output + shape.OffsetOf(index) + ((nint)first * shape.C);
                Products.MultiplyForQueries(target, shape.C, P, first, columns, values, T, HS);
                Divide(target, columns, HS, sum.Left, sum.Right);
            }
        }

        /// <summary>Turns scores (keys, block) into exponentials, with dropout if any; returns their sums before dropout.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private (TVector Left, TVector Right) Softmax(float* scores, int first, int keyCount, int index, float scale)
        {
            var blockSize = BlockSize;
            for (var key = first + 1; key < keyCount; key++)
                new Span<float>(scores + ((nint)key * blockSize), key - first).Fill(float.NegativeInfinity);
            TVector leftMax = TSimd.Broadcast(float.NegativeInfinity), rightMax = leftMax;
            for (nint key = 0; key < keyCount; key++)
            {
                leftMax = TSimd.Max(leftMax, TSimd.Load(scores + (key * blockSize)));
                rightMax = TSimd.Max(rightMax, TSimd.Load(scores + (key * blockSize) + TSimd.Width));
            }

            var scales = TSimd.Broadcast(scale);
            TVector leftSum = TSimd.Zero, rightSum = TSimd.Zero;
            var mask = dropout.ForHead(index);
            for (nint key = 0; key < keyCount; key++)
            {
                var row = scores + (key * blockSize);
                var counter = (uint)(((int)key * shape.T) + first);
                leftSum = TSimd.Add(leftSum, Exponentiate(row, leftMax, scales, mask, counter));
                rightSum = TSimd.Add(rightSum, Exponentiate(row + TSimd.Width, rightMax, scales, mask, counter + (uint)TSimd.Width));
            }

            KeepLogSumExp(index, first, TSimd.Multiply(leftMax, scales), leftSum);
            KeepLogSumExp(index, first + TSimd.Width, TSimd.Multiply(rightMax, scales), rightSum);
            return (leftSum, rightSum);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private TVector Exponentiate(float* scores, TVector max, TVector scale, DropoutMask mask, uint counter)
        {
            var exponential = VectorMath<TSimd, TVector>.ExpOrZero(TSimd.Multiply(TSimd.Subtract(TSimd.Load(scores), max), scale));
            TSimd.Store(
                scores,
                mask.Rate == 0 ? exponential : TSimd.Multiply(exponential, TSimd.KeepMask(mask, counter, 1, mask.Scale)));
            return exponential;
        }

        private void KeepLogSumExp(int index, int first, TVector max, TVector sum)
        {
            var lanes = stackalloc float[2 * TSimd.Width];
            TSimd.Store(lanes, max);
            TSimd.Store(lanes + TSimd.Width, sum);
            for (var lane = 0; lane < TSimd.Width && first + lane < shape.T; lane++)
                logSumExp[((nint)index * shape.T) + first + lane] = lanes[lane] + MathF.Log(lanes[TSimd.Width + lane]);
        }

        /// <summary>Divides each query's values by its sum.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Divide(float* target, int queryCount, int size, TVector left, TVector right)
        {
            var factors = stackalloc float[2 * TSimd.Width];
            var one = TSimd.Broadcast(1f);
            TSimd.Store(factors, TSimd.Divide(one, left));
            TSimd.Store(factors + TSimd.Width, TSimd.Divide(one, right));
            for (nint query = 0; query < queryCount; query++, target += shape.C)
            {
                var factor = TSimd.Broadcast(factors[query]);
                for (var i = 0; i < size; i += TSimd.Width)
                {
                    var value = TSimd.Multiply(TSimd.Load(target + i, size - i), factor);
                    TSimd.Store(target + i, value, size - i);
                }
            }
        }
    }
}
