using System.Runtime.CompilerServices;
using PsGpt.Kernels.Gemm;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Attention;

internal static unsafe partial class Attention<TSimd, TVector>
{
    /// <summary>The working memory of one head in the backward pass, carved out of the thread's scratch.</summary>
    private readonly struct BackwardBuffers
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

        public BackwardBuffers(AttentionHead head)
        {
            (length, size) = (head.Length, head.Size);
            var block = BlockSize;
            var paddedT = Gemm<TSimd, TVector>.PaddedM(length);
            var (byPosition, byValue) = (Products.RowsLength(length, size), Products.ColumnsLength(length, size));
            var blockByValue = Products.ColumnsLength(block, size);
            var total = (2 * (byPosition + byValue)) + blockByValue + (2 * (nint)block * (size + paddedT)) + length + TSimd.Mr;
            queries = Scratch.Get(ScratchSlot.AttentionHead, total);
            outputs = queries + byPosition;
            queriesByValue = outputs + byPosition;
            outputsByValue = queriesByValue + byValue;
            key = outputsByValue + byValue;
            value = key + ((nint)block * size);
            keyByValue = value + ((nint)block * size);
            P = keyByValue + blockByValue;
            dP = P + ((nint)block * paddedT);
            D = dP + ((nint)block * paddedT);
        }

        /// <summary>(T, block): scores, then P.</summary>
        public float* P { get; }

        /// <summary>(T, block): dP = dO Vᵀ, then dS.</summary>
        public float* dP { get; }

        /// <summary>(T): the row sums of dO ∘ O, which equal those of P ∘ dP.</summary>
        public float* D { get; }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void PackHead(AttentionHead head, float* outputGradient, float* output, int channelCount)
        {
            Products.CopyRows(queries, head.ByPosition(head.Query), length, size);
            Products.PackColumns(queriesByValue, head.ByValue(head.Query), size, length);
            Products.CopyRows(outputs, Operand.RowMajor(outputGradient, channelCount), length, size);
            Products.PackColumns(outputsByValue, Operand.ColumnMajor(outputGradient, channelCount), size, length);
            for (nint t = 0; t < length; t++)
                D[t] = DotProduct<TSimd, TVector>.Of(outputGradient + (t * channelCount), output + (t * channelCount), size);
        }

        /// <summary>Scores and dP of a block of keys, for the queries that see them.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void MultiplyBlock(AttentionHead head, int first, int columns)
        {
            var keyRows = head.Key + ((nint)first * head.Stride);
            var valueRows = head.Value + ((nint)first * head.Stride);
            Products.PackBlock(key, head.ByPosition(keyRows), columns, size);
            Products.PackBlock(value, head.ByPosition(valueRows), columns, size);
            Products.PackColumns(keyByValue, head.ByValue(keyRows), size, columns);
            var firstTile = first / TSimd.Mr * TSimd.Mr;
            Products.Multiply(P, queries, key, firstTile, length, size);
            Products.Multiply(dP, outputs, value, firstTile, length, size);
        }

        /// <summary>dV and dK of a block of keys, and its part of dQ.</summary>
        public void StoreGradients(AttentionHead head, AttentionHead gradient, int first, int columns)
        {
            var (row, skipped, queryCount) = ((nint)first * head.Stride, (nint)first * BlockSize, length - first);
            Products.MultiplyForKeys(
                gradient.Value + row, head.Stride, P + skipped, columns, outputsByValue + skipped, length, queryCount, size);
            Products.MultiplyForKeys(
                gradient.Key + row, head.Stride, dP + skipped, columns, queriesByValue + skipped, length, queryCount, size);
            AddQueryGradients(gradient, first, columns);
        }

        /// <summary>dQ from this block of keys on: written by the first block, added to by the others.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void AddQueryGradients(AttentionHead gradient, int first, int columns)
        {
            var block = BlockSize;
            var store = first > 0 ? StoreMode.Add : StoreMode.Write;
            for (var query = first; query < length; query += TSimd.Mr)
            {
                var rows = Math.Min(TSimd.Mr, length - query);
                var seen = Math.Min(columns, query - first + rows);
                var scores = Operand.RowMajor(dP + ((nint)query * block), block);
                var target = gradient.Query + ((nint)query * gradient.Stride);
                for (var column = 0; column < size; column += block)
                {
                    Gemm<TSimd, TVector>.Tile.Multiply(
                        seen, scores, keyByValue + ((nint)column * columns), target + column, gradient.Stride, rows,
                        Math.Min(block, size - column), store, squares: null, lookahead: null);
                }
            }
        }
    }
}
