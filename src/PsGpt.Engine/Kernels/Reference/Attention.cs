using PsGpt.Kernels.Attention;
using PsGpt.Kernels.Narrow;
using PsGpt.Kernels.Threading;
using PsGpt.Tensors;

namespace PsGpt.Kernels.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void AttentionForward(float* output, float* logSumExp, float* queryKeyValue, AttentionShape shape, DropoutMask dropout)
    {
        var (_, T, NH, C) = shape;
        var HS = shape.HS;
        var P = Doubles(T);
        for (var head = 0; head < shape.HeadCount; head++)
        {
            var (q, k, v) = HeadPointers(queryKeyValue, head, shape);
            for (var t = 0; t < T; t++)
            {
                var lse = Softmax(P, q, k, t, HS, 3 * C);
                logSumExp[(head * T) + t] = (float)lse;
                var row = output + ((nint)((head / NH * T) + t) * C) + (head % NH * HS);
                for (var i = 0; i < HS; i++)
                {
                    var sum = 0.0;
                    for (var j = 0; j <= t; j++)
                        sum += P[j] * Keep(dropout, head, j, t, T) * v[((nint)j * 3 * C) + i];
                    row[i] = (float)sum;
                }
            }
        }
    }

    public void AttentionBackward(
        float* queryKeyValueGradient, float* outputGradient, float* output, float* logSumExp, float* queryKeyValue, AttentionShape shape,
        DropoutMask dropout)
    {
        var (B, T, NH, C) = shape;
        var HS = shape.HS;
        new Span<float>(queryKeyValueGradient, B * T * 3 * C).Clear();
        var P = Doubles(2 * T);
        var dP = P + T;
        for (var head = 0; head < shape.HeadCount; head++)
        {
            var (q, k, v) = HeadPointers(queryKeyValue, head, shape);
            var (dq, dk, dv) = HeadPointers(queryKeyValueGradient, head, shape);
            for (var t = 0; t < T; t++)
            {
                Softmax(P, q, k, t, HS, 3 * C);
                var dy = outputGradient + ((nint)((head / NH * T) + t) * C) + (head % NH * HS);
                var D = 0.0;
                for (var j = 0; j <= t; j++)
                {
                    var keep = Keep(dropout, head, j, t, T);
                    var gradient = 0.0;
                    for (var i = 0; i < HS; i++)
                    {
                        gradient += dy[i] * v[((nint)j * 3 * C) + i] * keep;
                        dv[((nint)j * 3 * C) + i] += (float)(P[j] * keep * dy[i]);
                    }

                    dP[j] = gradient;
                    D += P[j] * gradient;
                }

                for (var j = 0; j <= t; j++)
                {
                    var dS = P[j] * (dP[j] - D) / Math.Sqrt(HS);
                    for (var i = 0; i < HS; i++)
                    {
                        dq[((nint)t * 3 * C) + i] += (float)(dS * k[((nint)j * 3 * C) + i]);
                        dk[((nint)j * 3 * C) + i] += (float)(dS * q[((nint)t * 3 * C) + i]);
                    }
                }
            }
        }
    }

    public void AttentionDecode(
        float* output, float* queries, nint queryStride, ReadOnlySpan<CachedKeys> caches, WeightDataType type, int headCount,
        int channelCount)
    {
        var HS = channelCount / headCount;
        for (var row = 0; row < caches.Length; row++)
        {
            for (var head = 0; head < headCount; head++)
            {
                Decode(
                    output + ((nint)row * channelCount) + (head * HS), queries + (row * queryStride) + (head * HS), caches[row], type, head,
                    HS);
            }
        }
    }

    private static void Decode(float* output, float* query, CachedKeys cache, WeightDataType type, int head, int HS)
    {
        var (P, floats) = (new double[cache.Count], NarrowRow.FloatCount(type, HS));
        for (var j = 0; j < cache.Count; j++)
        {
            var key = cache.Keys(head, floats) + (j * floats);
            for (var i = 0; i < HS; i++)
                P[j] += (double)query[i] * NarrowValues.Read(type, key, HS, i) / Math.Sqrt(HS);
        }

        var max = P.Max();
        var total = P.Sum(score => Math.Exp(score - max));
        for (var i = 0; i < HS; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < cache.Count; j++)
                sum += Math.Exp(P[j] - max) / total * NarrowValues.Read(type, cache.Values(head, floats) + (j * floats), HS, i);
            output[i] = (float)sum;
        }
    }

    /// <summary>The P that row t gives to rows 0 … t; returns the logarithm of the sum of exponentials.</summary>
    private static double Softmax(double* P, float* queries, float* keys, int t, int headSize, int stride)
    {
        var max = double.NegativeInfinity;
        for (var j = 0; j <= t; j++)
        {
            var dot = 0.0;
            for (var i = 0; i < headSize; i++)
                dot += (double)queries[((nint)t * stride) + i] * keys[((nint)j * stride) + i];
            P[j] = dot / Math.Sqrt(headSize);
            max = Math.Max(max, P[j]);
        }

        var sum = 0.0;
        for (var j = 0; j <= t; j++)
            sum += P[j] = Math.Exp(P[j] - max);
        for (var j = 0; j <= t; j++)
            P[j] /= sum;
        return max + Math.Log(sum);
    }

    /// <summary>Working memory of this thread, so that a second step allocates nothing; its content is arbitrary.</summary>
    private static double* Doubles(int count) => (double*)Scratch.Get(ScratchSlot.ReferenceScores, 2 * (nint)count);

    private static double Keep(DropoutMask dropout, int head, int key, int query, int sequenceLength) =>
        dropout.Rate == 0 ? 1 : dropout.ForHead(head).Keeps((uint)((key * sequenceLength) + query)) ? 1 / (1.0 - dropout.Rate) : 0;

    private static HeadRows HeadPointers(float* queryKeyValue, int head, AttentionShape shape)
    {
        var query = queryKeyValue + ((nint)(head / shape.NH) * shape.T * 3 * shape.C) + (head % shape.NH * shape.HS);
        return new(query, query + shape.C, query + (2 * shape.C));
    }

    /// <summary>Row 0 of a head's queries, keys and values; rows are 3C apart.</summary>
    private readonly struct HeadRows(float* query, float* key, float* value)
    {
        public void Deconstruct(out float* q, out float* k, out float* v)
        {
            q = query;
            k = key;
            v = value;
        }
    }
}
