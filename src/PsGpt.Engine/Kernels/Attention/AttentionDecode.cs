using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using PsGpt.Kernels.Gemm;
using PsGpt.Kernels.Narrow;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;
using PsGpt.Tensors;

namespace PsGpt.Kernels.Attention;

internal static unsafe partial class Attention<TSimd, TVector>
{
    /// <summary>Attention of new positions over key-value caches.</summary>
    public static void Decode(
        ThreadTeam team, float* output, float* queries, nint queryStride, ReadOnlySpan<CachedKeys> caches, WeightDataType type,
        int headCount, int channelCount)
    {
        var (rowCount, longest) = (caches.Length, 0);
        foreach (var cache in caches)
            longest = Math.Max(longest, cache.Count);
        var chunk = ChunkSize.ForFloats(2 * longest * NarrowRow.FloatCount(type, channelCount / headCount));
        fixed (CachedKeys* rows = caches)
            team.For(rowCount * headCount, chunk, new DecodeTask(output, queries, queryStride, rows, type, headCount, channelCount));
    }

    /// <summary>Items are the heads of each query.</summary>
    private readonly struct DecodeTask(
        float* output, float* queries, nint queryStride, CachedKeys* caches, WeightDataType type, int headCount, int channelCount)
        : IParallelTask
    {
        /// <summary>How far ahead keys and values are prefetched: 1 KB in float32. The processor itself prefetches the rest.</summary>
        private const int KeysAhead = 4;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            var size = channelCount / headCount;
            var floats = NarrowRow.FloatCount(type, size);
            for (var item = start; item < end; item++)
            {
                var (row, head) = (item / headCount, item % headCount);
                ref readonly var cache = ref caches[row];
                float* keys = cache.Keys(head, floats), values = cache.Values(head, floats);
                var x = queries + (row * queryStride) + (head * size);
                var y = output + ((nint)row * channelCount) + (head * size);
                switch (type)
                {
                    case WeightDataType.Float32:
                        Attend<FloatRows<TSimd, TVector>, FloatRow<TSimd, TVector>>(
                            y, x, new(keys, size), new(values, size), cache.Count, size);
                        break;
                    case WeightDataType.BFloat16:
                        Attend<BrainFloatRows<TSimd, TVector>, BrainFloatRow<TSimd, TVector>>(
                            y, x, new(keys, size), new(values, size), cache.Count, size);
                        break;
                    default:
                        Attend<ByteRows<TSimd, TVector>, ByteRow<TSimd, TVector>>(
                            y, x, new(keys, size), new(values, size), cache.Count, size);
                        break;
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Attend<TRows, TRow>(float* output, float* query, TRows keys, TRows values, int count, int size)
            where TRows : struct, IRows<TRow>
            where TRow : struct, IRow<TVector>
        {
            var P = Scratch.Get(ScratchSlot.AttentionHead, count + TSimd.Width);
            Scores<TRows, TRow>(P, query, keys, count, size);
            var factor = TSimd.Broadcast(1 / Exponentials(P, count, 1 / MathF.Sqrt(size)));
            var c = 0;
            for (; c + (4 * TSimd.Width) <= size; c += 4 * TSimd.Width)
                SumFour<TRows, TRow>(output + c, P, values, count, c, factor);
            for (; c + (2 * TSimd.Width) <= size; c += 2 * TSimd.Width)
                SumTwo<TRows, TRow>(output + c, P, values, count, c, factor);
            for (; c < size; c += TSimd.Width)
            {
                var total = TSimd.Zero;
                for (nint key = 0; key < count; key++)
                    total = TSimd.MultiplyAdd(TSimd.Broadcast(P[key]), values.Row(key).Load(c, size - c), total);
                TSimd.Store(output + c, TSimd.Multiply(total, factor), size - c);
            }
        }

        /// <summary>The dot products of the query with all keys, four at a time.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Scores<TRows, TRow>(float* P, float* query, TRows keys, int count, int size)
            where TRows : struct, IRows<TRow>
            where TRow : struct, IRow<TVector>
        {
            var lines = CacheLine.Count(4 * keys.FloatCount, Math.Max(1, size / TSimd.Width));
            nint key = 0;
            for (; key + 4 <= count; key += 4)
            {
                var scores = RowProducts<TSimd, TVector>.OfFour(
                    query, keys.Row(key), keys.Row(key + 1), keys.Row(key + 2), keys.Row(key + 3), size,
                    keys.Start(key + KeysAhead), lines);
                Vector128.Store(scores, P + key);
            }

            for (; key < count; key++)
                P[key] = RowProducts<TSimd, TVector>.OfOne(query, keys.Row(key), size);
        }

        /// <summary>Turns scores, less the largest and times a scale, into exponentials; returns their sum.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static float Exponentials(float* P, int count, float scale)
        {
            // −∞ behind the last key, whose exponential is 0: neither the maximum nor the sum needs a tail.
            new Span<float>(P + count, TSimd.Width).Fill(float.NegativeInfinity);
            var largest = TSimd.Load(P);
            for (var key = TSimd.Width; key < count; key += TSimd.Width)
                largest = TSimd.Max(largest, TSimd.Load(P + key));
            TVector max = TSimd.Broadcast(TSimd.MaxLane(largest)), factor = TSimd.Broadcast(scale), sum = TSimd.Zero;
            for (var key = 0; key < count; key += TSimd.Width)
            {
                var less = TSimd.Multiply(TSimd.Subtract(TSimd.Load(P + key), max), factor);
                var exponential = VectorMath<TSimd, TVector>.ExpOrZero(less);
                TSimd.Store(P + key, exponential);
                sum = TSimd.Add(sum, exponential);
            }

            return TSimd.Sum(sum);
        }

        /// <summary>Four vectors of the weighted sum of values, side by side: each row is read once.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void SumFour<TRows, TRow>(float* output, float* P, TRows values, int count, int c, TVector factor)
            where TRows : struct, IRows<TRow>
            where TRow : struct, IRow<TVector>
        {
            var lines = CacheLine.Count(values.FloatCount, 1);
            TVector sum0 = TSimd.Zero, sum1 = TSimd.Zero, sum2 = TSimd.Zero, sum3 = TSimd.Zero;
            for (nint key = 0; key < count; key++)
            {
                var (weight, row) = (TSimd.Broadcast(P[key]), values.Row(key));
                CacheLine.Prefetch(values.Start(key + KeysAhead), lines);
                sum0 = TSimd.MultiplyAdd(weight, row.Load(c), sum0);
                sum1 = TSimd.MultiplyAdd(weight, row.Load(c + TSimd.Width), sum1);
                sum2 = TSimd.MultiplyAdd(weight, row.Load(c + (2 * TSimd.Width)), sum2);
                sum3 = TSimd.MultiplyAdd(weight, row.Load(c + (3 * TSimd.Width)), sum3);
            }

            TSimd.Store(output, TSimd.Multiply(sum0, factor));
            TSimd.Store(output + TSimd.Width, TSimd.Multiply(sum1, factor));
            TSimd.Store(output + (2 * TSimd.Width), TSimd.Multiply(sum2, factor));
            TSimd.Store(output + (3 * TSimd.Width), TSimd.Multiply(sum3, factor));
        }

        /// <summary>The same for two vectors, which heads of 32 have.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void SumTwo<TRows, TRow>(float* output, float* P, TRows values, int count, int c, TVector factor)
            where TRows : struct, IRows<TRow>
            where TRow : struct, IRow<TVector>
        {
            TVector sum0 = TSimd.Zero, sum1 = TSimd.Zero;
            for (nint key = 0; key < count; key++)
            {
                var (weight, row) = (TSimd.Broadcast(P[key]), values.Row(key));
                sum0 = TSimd.MultiplyAdd(weight, row.Load(c), sum0);
                sum1 = TSimd.MultiplyAdd(weight, row.Load(c + TSimd.Width), sum1);
            }

            TSimd.Store(output, TSimd.Multiply(sum0, factor));
            TSimd.Store(output + TSimd.Width, TSimd.Multiply(sum1, factor));
        }
    }
}
