using System.Runtime.CompilerServices;
using PsGpt.Kernels.Gemm;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Attention;

/// <summary>Causal self-attention of a batch.</summary>
internal static unsafe class AttentionForward<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public static void Run(ThreadTeam team, float* output, float* logSumExp, float* queryKeyValue, int batchSize, int sequenceLength, int headCount, int channelCount, DropoutMask dropout, float dropoutRate) =>
        team.For(batchSize * headCount, 1, new AttentionForwardTask(output, logSumExp, queryKeyValue, sequenceLength, headCount, channelCount, dropout, dropoutRate));

    /// <summary>
    /// Items are heads. For each block of queries the scores stand transposed, (keys, queries): a softmax then runs down the
    /// rows, all queries of the block at once, and the product with the values reads them as their transpose.
    /// </summary>
    private readonly struct AttentionForwardTask(float* output, float* logSumExp, float* queryKeyValue, int sequenceLength, int headCount, int channelCount, DropoutMask dropout, float dropoutRate) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            for (var head = start; head < end; head++)
                AttendAll(head, AttentionHead.Of(queryKeyValue, head, sequenceLength, headCount, channelCount));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void AttendAll(int headIndex, AttentionHead head)
        {
            var (T, HS, blockSize) = (head.Length, head.Size, AttentionPanels<TSimd, TVector>.BlockSize);
            var (keyLength, valueLength) = (AttentionPanels<TSimd, TVector>.RowsLength(T, HS), AttentionPanels<TSimd, TVector>.ColumnsLength(T, HS));
            var keys = Scratch.Get(ScratchSlot.AttentionHead, keyLength + valueLength + ((nint)blockSize * (HS + EdgeTile<TSimd, TVector>.PaddedRows(T))) + TSimd.TileRows);
            var values = keys + keyLength;
            var query = values + valueLength;
            var weights = query + ((nint)HS * blockSize);
            AttentionPanels<TSimd, TVector>.CopyRows(keys, head.ByPosition(head.Key), T, HS);
            AttentionPanels<TSimd, TVector>.PackColumns(values, head.ByValue(head.Value), HS, T);
            for (var first = 0; first < T; first += blockSize)
            {
                var columns = Math.Min(blockSize, T - first);
                var keyCount = first + columns;
                AttentionPanels<TSimd, TVector>.PackBlock(query, head.ByPosition(head.Query + ((nint)first * head.Stride)), columns, HS);
                AttentionPanels<TSimd, TVector>.Multiply(weights, keys, query, 0, keyCount, HS);
                var sum = Softmax(weights, first, keyCount, headIndex, head.Scale);
                var target = output + ((nint)((headIndex / headCount * T) + first) * channelCount) + (headIndex % headCount * HS);
                AttentionPanels<TSimd, TVector>.MultiplyForQueries(target, channelCount, weights, first, columns, values, T, HS);
                Divide(target, columns, HS, sum.Left, sum.Right);
            }
        }

        /// <summary>Turns scores (keys, block) into exponentials, dropped out where asked for; returns their sums before that.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private (TVector Left, TVector Right) Softmax(float* weights, int first, int keyCount, int headIndex, float scale)
        {
            var blockSize = AttentionPanels<TSimd, TVector>.BlockSize;
            for (var key = first + 1; key < keyCount; key++)
                new Span<float>(weights + ((nint)key * blockSize), key - first).Fill(float.NegativeInfinity);
            TVector leftMax = TSimd.Broadcast(float.NegativeInfinity), rightMax = leftMax;
            for (nint key = 0; key < keyCount; key++)
            {
                leftMax = TSimd.Max(leftMax, TSimd.Load(weights + (key * blockSize)));
                rightMax = TSimd.Max(rightMax, TSimd.Load(weights + (key * blockSize) + TSimd.Width));
            }

            var scales = TSimd.Broadcast(scale);
            TVector leftSum = TSimd.Zero, rightSum = TSimd.Zero;
            var mask = dropout.ForHead(headIndex);
            for (nint key = 0; key < keyCount; key++)
            {
                var row = weights + (key * blockSize);
                var counter = (uint)(((int)key * sequenceLength) + first);
                leftSum = TSimd.Add(leftSum, Exponentiate(row, leftMax, scales, mask, counter));
                rightSum = TSimd.Add(rightSum, Exponentiate(row + TSimd.Width, rightMax, scales, mask, counter + (uint)TSimd.Width));
            }

            KeepLogSumExp(headIndex, first, TSimd.Multiply(leftMax, scales), leftSum);
            KeepLogSumExp(headIndex, first + TSimd.Width, TSimd.Multiply(rightMax, scales), rightSum);
            return (leftSum, rightSum);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private TVector Exponentiate(float* scores, TVector largest, TVector scale, DropoutMask mask, uint counter)
        {
            var exponential = VectorMath<TSimd, TVector>.ExpOrZero(TSimd.Multiply(TSimd.Subtract(TSimd.Load(scores), largest), scale));
            TSimd.Store(scores, dropoutRate == 0 ? exponential : TSimd.Multiply(exponential, TSimd.KeepMask(mask, counter, 1, 1 / (1 - dropoutRate))));
            return exponential;
        }

        private void KeepLogSumExp(int headIndex, int first, TVector largest, TVector sum)
        {
            var lanes = stackalloc float[2 * TSimd.Width];
            TSimd.Store(lanes, largest);
            TSimd.Store(lanes + TSimd.Width, sum);
            for (var lane = 0; lane < TSimd.Width && first + lane < sequenceLength; lane++)
                logSumExp[((nint)headIndex * sequenceLength) + first + lane] = lanes[lane] + MathF.Log(lanes[TSimd.Width + lane]);
        }

        /// <summary>Divides each query's values by its sum.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Divide(float* target, int queryCount, int size, TVector left, TVector right)
        {
            var factors = stackalloc float[2 * TSimd.Width];
            var one = TSimd.Broadcast(1f);
            TSimd.Store(factors, TSimd.Divide(one, left));
            TSimd.Store(factors + TSimd.Width, TSimd.Divide(one, right));
            for (nint query = 0; query < queryCount; query++, target += channelCount)
            {
                var factor = TSimd.Broadcast(factors[query]);
                for (var i = 0; i < size; i += TSimd.Width)
                    Masked<TSimd, TVector>.Store(target + i, TSimd.Multiply(Masked<TSimd, TVector>.Load(target + i, size - i), factor), size - i);
            }
        }
    }
}
