using System.Runtime.CompilerServices;
using PsGpt.Kernels.Gemm;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Attention;

/// <summary>The gradient of causal self-attention, with the scores computed again.</summary>
internal static unsafe class AttentionBackward<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public static void Run(ThreadTeam team, float* queryKeyValueGradient, float* outputGradient, float* output, float* logSumExp, float* queryKeyValue, int batchSize, int sequenceLength, int headCount, int channelCount, DropoutMask dropout, float dropoutRate) =>
        team.For(batchSize * headCount, 1, new AttentionBackwardTask(queryKeyValueGradient, outputGradient, output, logSumExp, queryKeyValue, sequenceLength, headCount, channelCount, dropout, dropoutRate));

    /// <summary>
    /// Items are heads. For each block of keys the weights of all later queries are computed again from the kept sums, (queries,
    /// keys): the products that give the gradients of values and keys, which are then finished, read them as their transpose;
    /// the gradients of queries are summed up block by block.
    /// </summary>
    private readonly struct AttentionBackwardTask(float* queryKeyValueGradient, float* outputGradient, float* output, float* logSumExp, float* queryKeyValue, int sequenceLength, int headCount, int channelCount, DropoutMask dropout, float dropoutRate) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            for (var head = start; head < end; head++)
                PropagateAll(head, AttentionHead.Of(queryKeyValue, head, sequenceLength, headCount, channelCount), AttentionHead.Of(queryKeyValueGradient, head, sequenceLength, headCount, channelCount));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void PropagateAll(int headIndex, AttentionHead head, AttentionHead gradient)
        {
            var panels = new BackwardPanels(head);
            var offset = ((nint)(headIndex / headCount) * head.Length * channelCount) + (headIndex % headCount * head.Size);
            panels.PackHead(head, outputGradient + offset, output + offset, channelCount);
            for (var first = 0; first < head.Length; first += AttentionPanels<TSimd, TVector>.BlockSize)
            {
                var columns = Math.Min(AttentionPanels<TSimd, TVector>.BlockSize, head.Length - first);
                panels.MultiplyBlock(head, first, columns);
                for (var query = first; query < head.Length; query++)
                    PropagateSoftmax(panels, headIndex, query, first, head.Scale);
                panels.StoreGradients(head, gradient, first, columns);
            }
        }

        /// <summary>Turns one query's scores into weights, and its slopes into gradients of the scores: w · (slope − Σ w · slope) / √HS.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void PropagateSoftmax(in BackwardPanels panels, int headIndex, int query, int first, float scale)
        {
            var weights = panels.Weights + ((nint)query * AttentionPanels<TSimd, TVector>.BlockSize);
            var slopes = panels.Slopes + ((nint)query * AttentionPanels<TSimd, TVector>.BlockSize);
            var (scales, shift) = (TSimd.Broadcast(scale), TSimd.Broadcast(-logSumExp[((nint)headIndex * sequenceLength) + query]));
            var weightedSlope = TSimd.Broadcast(panels.WeightedSlopes[query]);
            var mask = dropout.ForHead(headIndex);
            for (var lane = 0; lane < AttentionPanels<TSimd, TVector>.BlockSize; lane += TSimd.Width)
            {
                var seen = query - first - lane + 1;
                if (seen <= 0)
                {
                    TSimd.Store(weights + lane, TSimd.Zero);
                    TSimd.Store(slopes + lane, TSimd.Zero);
                    continue;
                }

                var weight = VectorMath<TSimd, TVector>.ExpOrZero(TSimd.MultiplyAdd(TSimd.Load(weights + lane), scales, shift));
                var slope = TSimd.Load(slopes + lane);
                var dropped = weight;
                if (dropoutRate != 0)
                {
                    var keep = TSimd.KeepMask(mask, (uint)(((first + lane) * sequenceLength) + query), (uint)sequenceLength, 1 / (1 - dropoutRate));
                    dropped = TSimd.Multiply(weight, keep);
                    slope = TSimd.Multiply(slope, keep);
                }

                StoreSeen(weights + lane, dropped, seen);
                StoreSeen(slopes + lane, TSimd.Multiply(TSimd.Multiply(weight, TSimd.Subtract(slope, weightedSlope)), scales), seen);
            }
        }

        /// <summary>Stores a vector; keys behind the query take no part, so what it does not see is 0.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void StoreSeen(float* target, TVector value, int seen)
        {
            if (seen < TSimd.Width)
                TSimd.Store(target, TSimd.Zero);
            Masked<TSimd, TVector>.Store(target, value, seen);
        }
    }

    /// <summary>The working memory of one head on its way back, carved out of the thread's scratch.</summary>
    private readonly struct BackwardPanels
    {
        private readonly int length;
        private readonly int size;
        private readonly float* queries;
        private readonly float* outputs;
        private readonly float* queriesByValue;
        private readonly float* outputsByValue;
        private readonly float* key;
        private readonly float* value;
        private readonly float* keyByValue;

        public BackwardPanels(AttentionHead head)
        {
            (length, size) = (head.Length, head.Size);
            var block = AttentionPanels<TSimd, TVector>.BlockSize;
            var paddedT = EdgeTile<TSimd, TVector>.PaddedRows(length);
            var (byPosition, byValue) = (AttentionPanels<TSimd, TVector>.RowsLength(length, size), AttentionPanels<TSimd, TVector>.ColumnsLength(length, size));
            var blockByValue = AttentionPanels<TSimd, TVector>.ColumnsLength(block, size);
            queries = Scratch.Get(ScratchSlot.AttentionHead, (2 * (byPosition + byValue)) + blockByValue + (2 * (nint)block * (size + paddedT)) + length + TSimd.TileRows);
            outputs = queries + byPosition;
            queriesByValue = outputs + byPosition;
            outputsByValue = queriesByValue + byValue;
            key = outputsByValue + byValue;
            value = key + ((nint)block * size);
            keyByValue = value + ((nint)block * size);
            Weights = keyByValue + blockByValue;
            Slopes = Weights + ((nint)block * paddedT);
            WeightedSlopes = Slopes + ((nint)block * paddedT);
        }

        /// <summary>(T, block): scores, then weights.</summary>
        public float* Weights { get; }

        /// <summary>(T, block): gradients of the weights, then of the scores.</summary>
        public float* Slopes { get; }

        /// <summary>(T): for each query the sum of weight · slope, which is output · outputGradient.</summary>
        public float* WeightedSlopes { get; }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void PackHead(AttentionHead head, float* outputGradient, float* output, int channelCount)
        {
            AttentionPanels<TSimd, TVector>.CopyRows(queries, head.ByPosition(head.Query), length, size);
            AttentionPanels<TSimd, TVector>.PackColumns(queriesByValue, head.ByValue(head.Query), size, length);
            AttentionPanels<TSimd, TVector>.CopyRows(outputs, new Operand(outputGradient, channelCount, 1), length, size);
            AttentionPanels<TSimd, TVector>.PackColumns(outputsByValue, new Operand(outputGradient, 1, channelCount), size, length);
            for (nint t = 0; t < length; t++)
                WeightedSlopes[t] = DotProduct<TSimd, TVector>.Of(outputGradient + (t * channelCount), output + (t * channelCount), size);
        }

        /// <summary>Scores and slopes of a block of keys, for the queries that see them.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void MultiplyBlock(AttentionHead head, int first, int columns)
        {
            var keyRows = head.Key + ((nint)first * head.Stride);
            var valueRows = head.Value + ((nint)first * head.Stride);
            AttentionPanels<TSimd, TVector>.PackBlock(key, head.ByPosition(keyRows), columns, size);
            AttentionPanels<TSimd, TVector>.PackBlock(value, head.ByPosition(valueRows), columns, size);
            AttentionPanels<TSimd, TVector>.PackColumns(keyByValue, head.ByValue(keyRows), size, columns);
            var firstTile = first / TSimd.TileRows * TSimd.TileRows;
            AttentionPanels<TSimd, TVector>.Multiply(Weights, queries, key, firstTile, length, size);
            AttentionPanels<TSimd, TVector>.Multiply(Slopes, outputs, value, firstTile, length, size);
        }

        public void StoreGradients(AttentionHead head, AttentionHead gradient, int first, int columns)
        {
            var (row, skipped, queryCount) = ((nint)first * head.Stride, (nint)first * AttentionPanels<TSimd, TVector>.BlockSize, length - first);
            AttentionPanels<TSimd, TVector>.MultiplyForKeys(gradient.Value + row, head.Stride, Weights + skipped, columns, outputsByValue + skipped, length, queryCount, size);
            AttentionPanels<TSimd, TVector>.MultiplyForKeys(gradient.Key + row, head.Stride, Slopes + skipped, columns, queriesByValue + skipped, length, queryCount, size);
            AddQueryGradients(gradient, first, columns);
        }

        /// <summary>Gradients of the queries from this block of keys on: written by the first block, added to by the others.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void AddQueryGradients(AttentionHead gradient, int first, int columns)
        {
            var block = AttentionPanels<TSimd, TVector>.BlockSize;
            for (var query = first; query < length; query += TSimd.TileRows)
            {
                var rows = Math.Min(TSimd.TileRows, length - query);
                var seen = Math.Min(columns, query - first + rows);
                for (var column = 0; column < size; column += block)
                {
                    EdgeTile<TSimd, TVector>.Multiply(
                        seen, Slopes + ((nint)query * block), block, 1, keyByValue + ((nint)column * columns), gradient.Query + ((nint)query * gradient.Stride) + column, gradient.Stride,
                        rows, Math.Min(block, size - column), first > 0 ? StoreMode.Add : StoreMode.Write, squares: null, ahead: null);
                }
            }
        }
    }
}
