using PsGpt.Kernels.Attention;
using PsGpt.Kernels.Narrow;
using PsGpt.Tensors;

namespace PsGpt.Unit.Kernels;

/// <summary>Attention of new positions over keys and values that are kept rounded, against the formula in float64.</summary>
public sealed unsafe class CachedAttentionTests
{
    private const int Capacity = 50;

    public static TheoryData<string, WeightDataType> All
    {
        get
        {
            var cases = new TheoryData<string, WeightDataType>();
            foreach (var name in KernelNames.All)
            {
                foreach (var type in new[] { WeightDataType.Float32, WeightDataType.BFloat16, WeightDataType.Q8_0 })
                    cases.Add(name, type);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Each_query_gets_the_mean_of_its_values_weighted_by_its_keys(string name, WeightDataType type)
    {
        foreach (var headSize in new[] { 5, 32, 40, 64, 80 })
        {
            const int Heads = 3;
            var (C, floats) = (Heads * headSize, NarrowRow.FloatCount(type, headSize));
            int[] counts = [1, 50, 17];
            using Buffer queries = new(counts.Length * 3 * C, 2), output = new(counts.Length * C), expected = new(counts.Length * C);
            using Buffer keys = new(counts.Length * Heads * Capacity * floats), values = new(counts.Length * Heads * Capacity * floats);
            Fill(type, keys, headSize, 3);
            Fill(type, values, headSize, 4);
            var length = Heads * Capacity * floats;
            var caches = counts
                .Select((count, i) => new CachedKeys(keys.Pointer + (i * length), values.Pointer + (i * length), count, Capacity))
                .ToArray();
            KernelNames.Get(name).AttentionDecode(output.Pointer, queries.Pointer, 3 * C, caches, type, Heads, C);
            for (var i = 0; i < counts.Length; i++)
            {
                for (var head = 0; head < Heads; head++)
                {
                    var query = queries.Pointer + (i * 3 * C) + (head * headSize);
                    Attend(type, query, caches[i], head, headSize, expected.Span[((i * C) + (head * headSize))..]);
                }
            }

            output.AssertClose(expected, 3e-6, $"{type} {headSize}");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_key_that_is_no_number_is_not_lost(string name, WeightDataType type)
    {
        const int HeadSize = 32, Count = 37;
        var floats = NarrowRow.FloatCount(type, HeadSize);
        using Buffer query = new(3 * HeadSize, 2), output = new(HeadSize), keys = new(Capacity * floats), values = new(Capacity * floats);
        Fill(type, values, HeadSize, 4);
        foreach (var place in new[] { 0, 20, Count - 1 })
        {
            Fill(type, keys, HeadSize, 3);
            NarrowValues.Write(type, keys.Pointer + (place * floats), HeadSize, 0, Enumerable.Repeat(float.NaN, HeadSize).ToArray());
            CachedKeys[] cache = [new(keys.Pointer, values.Pointer, Count, Capacity)];
            KernelNames.Get(name).AttentionDecode(output.Pointer, query.Pointer, 3 * HeadSize, cache, type, 1, HeadSize);
            Assert.All(output.Span.ToArray(), value => Assert.True(float.IsNaN(value)));
        }
    }

    private static void Fill(WeightDataType type, Buffer rows, int headSize, ulong seed)
    {
        var (floats, random) = (NarrowRow.FloatCount(type, headSize), new RandomStream(seed));
        for (var offset = 0; offset < rows.Length; offset += floats)
        {
            float[] row = [.. Enumerable.Range(0, headSize).Select(_ => (float)random.NextNormal())];
            NarrowValues.Write(type, rows.Pointer + offset, headSize, 0, row);
        }
    }

    private static void Attend(WeightDataType type, float* query, CachedKeys cache, int head, int headSize, Span<float> output)
    {
        var (floats, weights) = (NarrowRow.FloatCount(type, headSize), new double[cache.Count]);
        for (var j = 0; j < cache.Count; j++)
        {
            for (var i = 0; i < headSize; i++)
                weights[j] += (double)query[i] * NarrowValues.Read(type, cache.Keys(head, floats) + (j * floats), headSize, i);
            weights[j] = Math.Exp(weights[j] / Math.Sqrt(headSize));
        }

        for (var i = 0; i < headSize; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < cache.Count; j++)
                sum += weights[j] / weights.Sum() * NarrowValues.Read(type, cache.Values(head, floats) + (j * floats), headSize, i);
            output[i] = (float)sum;
        }
    }
}
