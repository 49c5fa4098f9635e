namespace PsGpt.Inspection;

/// <summary>
/// The scores and probabilities of causal attention, which the fast kernels never keep, in double precision.
/// Legend: B rows of a batch, T positions, C channels, NH heads.
/// </summary>
internal static unsafe class AttentionProbabilities
{
    /// <summary>Writes the rows of all queries; the places of masked keys stay as they are.</summary>
    /// <param name="scores">(B,NH,T,T): q · k / √(C / NH).</param>
    /// <param name="probabilities">(B,NH,T,T): their softmax over the keys.</param>
    /// <param name="queryKeyValue">(B,T,3C).</param>
    public static void Compute(float* scores, float* probabilities, float* queryKeyValue, int B, int T, int NH, int C)
    {
        for (var head = 0; head < B * NH; head++)
        {
            var query = HeadStart(queryKeyValue, head, T, NH, 3 * C, C / NH);
            for (var t = 0; t < T; t++)
            {
                var start = (((nint)head * T) + t) * T;
                ComputeRow(scores + start, probabilities + start, query, t, C / NH, C);
            }
        }
    }

    /// <summary>The inner product.</summary>
    public static double Dot(float* left, float* right, int length)
    {
        var sum = 0.0;
        for (var i = 0; i < length; i++)
            sum += (double)left[i] * right[i];
        return sum;
    }

    /// <summary>The first value of a head, counted over the rows of the batch, in rows (B,T,…) that hold all heads.</summary>
    public static float* HeadStart(float* rows, int head, int T, int headCount, int rowLength, int headSize) =>
        rows + ((nint)(head / headCount) * T * rowLength) + (head % headCount * headSize);

    /// <summary>The scores and probabilities of position t over the positions 0 … t.</summary>
    private static void ComputeRow(float* scores, float* probabilities, float* query, int t, int headSize, int channelCount)
    {
        var exact = new double[t + 1];
        for (var j = 0; j <= t; j++)
        {
            var key = query + channelCount + ((nint)j * 3 * channelCount);
            exact[j] = Dot(query + ((nint)t * 3 * channelCount), key, headSize) / Math.Sqrt(headSize);
            scores[j] = (float)exact[j];
        }

        var largest = exact.Max();
        var sum = exact.Sum(score => Math.Exp(score - largest));
        for (var j = 0; j <= t; j++)
            probabilities[j] = (float)(Math.Exp(exact[j] - largest) / sum);
    }
}
