using System.Diagnostics;
using PsGpt.Kernels.Attention;
using PsGpt.Kernels.Threading;
using PsGpt.Tensors;

namespace PsGpt.Kernels;

/// <summary>Passes every call on to other kernels, and records the time, the arithmetic and the memory traffic of each operator.</summary>
/// <param name="inner">The kernels that do the work.</param>
internal sealed unsafe class TimedKernels(IKernels inner) : IKernels
{
    private readonly Dictionary<string, KernelTime> times = [];
    private readonly Dictionary<ThreadTeam, TimedKernels> onOtherTeams = [];

    public string Name => inner.Name;

    public ThreadTeam Team => inner.Team;

    /// <summary>
    /// The operators that have been called, the longest first. Time on a smaller team counts by its share of the threads.
    /// </summary>
    public IReadOnlyList<KernelTime> Times
    {
        get
        {
            var all = new Dictionary<string, KernelTime>(times);
            foreach (var (team, kernels) in onOtherTeams)
            {
                foreach (var time in kernels.Times)
                    AddTo(all, time with { Milliseconds = time.Milliseconds * team.ThreadCount / Team.ThreadCount });
            }

            var total = all.Values.Sum(time => time.Milliseconds);
            return [.. all.Values
                .OrderByDescending(time => time.Milliseconds)
                .Select(time => time with { Share = time.Milliseconds / total })];
        }
    }

    /// <summary>Forgets all measurements.</summary>
    public void Reset()
    {
        times.Clear();
        foreach (var kernels in onOtherTeams.Values)
            kernels.Reset();
    }

    /// <summary>The kernels of each team keep their own times, since several teams may work at once.</summary>
    public IKernels On(ThreadTeam team)
    {
        if (ReferenceEquals(team, Team))
            return this;
        if (!onOtherTeams.TryGetValue(team, out var kernels))
            onOtherTeams.Add(team, kernels = new TimedKernels(inner.On(team)));
        return kernels;
    }

    /// <summary>Narrow matrices are not timed: they are never trained.</summary>
    public IMatrixKernels For(WeightDataType type) => type == WeightDataType.Float32 ? this : inner.For(type);

    public void EmbeddingForward(
        float* output, int* tokens, float* tokenEmbedding, float* positionEmbedding, int batchSize, int sequenceLength, int firstPosition,
        int channelCount)
    {
        var start = Stopwatch.GetTimestamp();
        inner.EmbeddingForward(output, tokens, tokenEmbedding, positionEmbedding, batchSize, sequenceLength, firstPosition, channelCount);
        Keep(
            nameof(EmbeddingForward), start, (double)batchSize * sequenceLength * channelCount,
            3.0 * batchSize * sequenceLength * channelCount);
    }

    public double EmbeddingBackward(
        float* tokenGradient, float* positionGradient, int* tokens, float* outputGradient, int batchSize, int sequenceLength,
        int channelCount, bool accumulate)
    {
        var start = Stopwatch.GetTimestamp();
        var growth = inner.EmbeddingBackward(
            tokenGradient, positionGradient, tokens, outputGradient, batchSize, sequenceLength, channelCount, accumulate);
        Keep(
            nameof(EmbeddingBackward), start, 2.0 * batchSize * sequenceLength * channelCount,
            3.0 * batchSize * sequenceLength * channelCount);
        return growth;
    }

    public void LayerNormForward(
        float* output, float* mean, float* rstd, float* input, float* weight, float* bias, int rowCount, int channelCount, float epsilon)
    {
        var start = Stopwatch.GetTimestamp();
        inner.LayerNormForward(output, mean, rstd, input, weight, bias, rowCount, channelCount, epsilon);
        Keep(nameof(LayerNormForward), start, 8.0 * rowCount * channelCount, 2.0 * rowCount * channelCount);
    }

    public void LayerNormBackward(
        float* inputGradient, float* weightGradient, float* biasGradient, float* outputGradient, float* input, float* mean, float* rstd,
        float* weight, int rowCount, int channelCount, bool accumulate)
    {
        var start = Stopwatch.GetTimestamp();
        inner.LayerNormBackward(
            inputGradient, weightGradient, biasGradient, outputGradient, input, mean, rstd, weight, rowCount, channelCount, accumulate);
        Keep(nameof(LayerNormBackward), start, 16.0 * rowCount * channelCount, 3.0 * rowCount * channelCount);
    }

    public void MatMulForward(float* output, float* input, float* weight, float* bias, float* residual, MatMulShape shape)
    {
        var start = Stopwatch.GetTimestamp();
        inner.MatMulForward(output, input, weight, bias, residual, shape);
        Keep(nameof(MatMulForward), start, shape.Operations, shape.Values + (residual is null ? 0 : (double)shape.M * shape.N));
    }

    public void MatMulActivationForward(
        float* preActivation, float* activated, float* input, float* weight, float* bias, ActivationFunction activation,
        MatMulShape shape)
    {
        var start = Stopwatch.GetTimestamp();
        inner.MatMulActivationForward(preActivation, activated, input, weight, bias, activation, shape);
        Keep(nameof(MatMulActivationForward), start, shape.Operations, shape.Values + ((double)shape.M * shape.N));
    }

    public void MatMulBackwardInput(
        float* inputGradient, float* outputGradient, float* weight, float* preActivation, ActivationFunction activation,
        MatMulShape shape)
    {
        var start = Stopwatch.GetTimestamp();
        inner.MatMulBackwardInput(inputGradient, outputGradient, weight, preActivation, activation, shape);
        Keep(
            nameof(MatMulBackwardInput), start, shape.Operations, shape.Values + (preActivation is null ? 0 : (double)shape.M * shape.K));
    }

    public double MatMulBackwardWeight(
        float* weightGradient, float* biasGradient, float* outputGradient, float* input, MatMulShape shape, bool accumulate)
    {
        var start = Stopwatch.GetTimestamp();
        var squares = inner.MatMulBackwardWeight(weightGradient, biasGradient, outputGradient, input, shape, accumulate);
        Keep(
            nameof(MatMulBackwardWeight), start, shape.Operations, shape.Values + (accumulate ? (double)shape.K * shape.N : 0));
        return squares;
    }

    public void AttentionForward(float* output, float* logSumExp, float* queryKeyValue, AttentionShape shape, DropoutMask dropout)
    {
        var start = Stopwatch.GetTimestamp();
        inner.AttentionForward(output, logSumExp, queryKeyValue, shape, dropout);
        Keep(nameof(AttentionForward), start, 2.0 * shape.B * shape.T * shape.T * shape.C, 4.0 * shape.B * shape.T * shape.C);
    }

    public void AttentionBackward(
        float* queryKeyValueGradient, float* outputGradient, float* output, float* logSumExp, float* queryKeyValue, AttentionShape shape,
        DropoutMask dropout)
    {
        var start = Stopwatch.GetTimestamp();
        inner.AttentionBackward(queryKeyValueGradient, outputGradient, output, logSumExp, queryKeyValue, shape, dropout);
        Keep(nameof(AttentionBackward), start, 5.0 * shape.B * shape.T * shape.T * shape.C, 8.0 * shape.B * shape.T * shape.C);
    }

    public void AttentionDecode(
        float* output, float* queries, nint queryStride, ReadOnlySpan<CachedKeys> caches, WeightDataType type, int headCount,
        int channelCount)
    {
        var start = Stopwatch.GetTimestamp();
        inner.AttentionDecode(output, queries, queryStride, caches, type, headCount, channelCount);
        var keyCount = 0.0;
        foreach (var cache in caches)
            keyCount += cache.Count;
        var floats = (double)NarrowRow.FloatCount(type, channelCount / headCount) * headCount;
        Keep(nameof(AttentionDecode), start, 4 * keyCount * channelCount, 2 * keyCount * floats);
    }

    public void DropoutForward(float* output, float* input, float* residual, nint length, DropoutMask mask)
    {
        var start = Stopwatch.GetTimestamp();
        inner.DropoutForward(output, input, residual, length, mask);
        Keep(nameof(DropoutForward), start, 2.0 * length, (residual is null ? 2.0 : 3.0) * length);
    }

    public void CrossEntropy(
        float* losses, float* logits, int* targets, int rowCount, int vocabularySize, nint rowStride, float gradientScale)
    {
        var start = Stopwatch.GetTimestamp();
        inner.CrossEntropy(losses, logits, targets, rowCount, vocabularySize, rowStride, gradientScale);
        Keep(nameof(CrossEntropy), start, 16.0 * rowCount * vocabularySize, 2.0 * rowCount * vocabularySize);
    }

    public double SumOfSquares(float* values, nint length)
    {
        var start = Stopwatch.GetTimestamp();
        var sum = inner.SumOfSquares(values, length);
        Keep(nameof(SumOfSquares), start, 2.0 * length, length);
        return sum;
    }

    public void Add(float* target, float* addend, nint length)
    {
        var start = Stopwatch.GetTimestamp();
        inner.Add(target, addend, length);
        Keep(nameof(Add), start, length, 3.0 * length);
    }

    public void AdamW(
        float* parameters, float* gradients, float* firstMoment, float* secondMoment, nint length, in AdamWCoefficients coefficients)
    {
        var start = Stopwatch.GetTimestamp();
        inner.AdamW(parameters, gradients, firstMoment, secondMoment, length, coefficients);
        Keep(nameof(AdamW), start, 14.0 * length, 7.0 * length);
    }

    public void LinearCombination(float* output, float* left, float leftScale, float* right, float rightScale, nint length)
    {
        var start = Stopwatch.GetTimestamp();
        inner.LinearCombination(output, left, leftScale, right, rightScale, length);
        Keep(nameof(LinearCombination), start, 3.0 * length, 3.0 * length);
    }

    private void Keep(string name, long start, double operations, double values)
    {
        var milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        AddTo(times, new KernelTime(name, CallCount: 1, milliseconds, operations, values * sizeof(float), Share: 0));
    }

    private static void AddTo(Dictionary<string, KernelTime> times, KernelTime time) =>
        times[time.Name] = times.TryGetValue(time.Name, out var before) ? before.Plus(time) : time;
}
