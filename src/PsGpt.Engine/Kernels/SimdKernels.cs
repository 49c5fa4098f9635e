using PsGpt.Kernels.Attention;
using PsGpt.Kernels.Gemm;
using PsGpt.Kernels.Narrow;
using PsGpt.Kernels.Rows;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;
using PsGpt.Tensors;

namespace PsGpt.Kernels;

/// <summary>
/// The operators in vectors of one width, spread over a team of threads. Work is split over rows, columns, heads or blocks of
/// fixed size, never over the terms of one sum, so any number of threads gives the same bits.
/// </summary>
/// <remarks>
/// Loops carry AggressiveOptimization: without it they start unoptimized in a fresh session and are replaced only after tens of
/// calls, when the first steps of a short training have already been slow.
/// </remarks>
/// <param name="team">The threads that share the work.</param>
internal sealed unsafe class SimdKernels<TSimd, TVector>(ThreadTeam team) : IKernels
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public string Name => TSimd.Name;

    public ThreadTeam Team => team;

    public IKernels On(ThreadTeam other) => ReferenceEquals(other, team) ? this : new SimdKernels<TSimd, TVector>(other);

    public IMatrixKernels For(WeightDataType type) => type switch
    {
        WeightDataType.Float32 => this,
        WeightDataType.BFloat16 => new BrainFloatMatrices<TSimd, TVector>(team),
        WeightDataType.Q8_0 => new QuantizedMatrices<TSimd, TVector>(team),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    public void EmbeddingForward(
        float* output, int* tokens, float* tokenEmbedding, float* positionEmbedding, int batchSize, int sequenceLength, int firstPosition,
        int channelCount) =>
        Embedding<TSimd, TVector>.Forward(
            team, output, tokens, tokenEmbedding, positionEmbedding, batchSize, sequenceLength, firstPosition, channelCount);

    public double EmbeddingBackward(
        float* tokenGradient, float* positionGradient, int* tokens, float* outputGradient, int batchSize, int sequenceLength,
        int channelCount, bool accumulate) =>
        Embedding<TSimd, TVector>.Backward(
            team, tokenGradient, positionGradient, tokens, outputGradient, batchSize, sequenceLength, channelCount, accumulate);

    public void LayerNormForward(
        float* output, float* mean, float* rstd, float* input, float* weight, float* bias, int rowCount, int channelCount, float epsilon) =>
        LayerNorm<TSimd, TVector>.Forward(team, output, mean, rstd, input, weight, bias, rowCount, channelCount, epsilon);

    public void LayerNormBackward(
        float* inputGradient, float* weightGradient, float* biasGradient, float* outputGradient, float* input, float* mean, float* rstd,
        float* weight, int rowCount, int channelCount, bool accumulate) =>
        LayerNorm<TSimd, TVector>.Backward(
            team, inputGradient, weightGradient, biasGradient, outputGradient, input, mean, rstd, weight, rowCount, channelCount,
            accumulate);

    public void MatMulForward(float* output, float* input, float* weight, float* bias, float* residual, MatMulShape shape) =>
        Gemm<TSimd, TVector>.MatMul.Forward(team, output, input, weight, bias, residual, shape);

    public void MatMulActivationForward(
        float* preActivation, float* activated, float* input, float* weight, float* bias, ActivationFunction activation,
        MatMulShape shape) =>
        Gemm<TSimd, TVector>.MatMul.ActivationForward(team, preActivation, activated, input, weight, bias, activation, shape);

    public void MatMulBackwardInput(
        float* inputGradient, float* outputGradient, float* weight, float* preActivation, ActivationFunction activation,
        MatMulShape shape) =>
        Gemm<TSimd, TVector>.MatMul.BackwardInput(team, inputGradient, outputGradient, weight, preActivation, activation, shape);

    public double MatMulBackwardWeight(
        float* weightGradient, float* biasGradient, float* outputGradient, float* input, MatMulShape shape, bool accumulate) =>
        Gemm<TSimd, TVector>.MatMul.BackwardWeight(team, weightGradient, biasGradient, outputGradient, input, shape, accumulate);

    public void AttentionForward(float* output, float* logSumExp, float* queryKeyValue, AttentionShape shape, DropoutMask dropout) =>
        Attention<TSimd, TVector>.Forward(team, output, logSumExp, queryKeyValue, shape, dropout);

    public void AttentionBackward(
        float* queryKeyValueGradient, float* outputGradient, float* output, float* logSumExp, float* queryKeyValue, AttentionShape shape,
        DropoutMask dropout) =>
        Attention<TSimd, TVector>.Backward(
            team, queryKeyValueGradient, outputGradient, output, logSumExp, queryKeyValue, shape, dropout);

    public void AttentionDecode(
        float* output, float* queries, nint queryStride, ReadOnlySpan<CachedKeys> caches, WeightDataType type, int headCount,
        int channelCount) =>
        Attention<TSimd, TVector>.Decode(team, output, queries, queryStride, caches, type, headCount, channelCount);

    public void DropoutForward(float* output, float* input, float* residual, nint length, DropoutMask mask) =>
        Dropout<TSimd, TVector>.Forward(team, output, input, residual, length, mask);

    public void CrossEntropy(
        float* losses, float* logits, int* targets, int rowCount, int vocabularySize, nint rowStride, float gradientScale) =>
        CrossEntropy<TSimd, TVector>.Run(team, losses, logits, targets, rowCount, vocabularySize, rowStride, gradientScale);

    public double SumOfSquares(float* values, nint length) => Elementwise<TSimd, TVector>.SumOfSquares(team, values, length);

    public void Add(float* target, float* addend, nint length) => Elementwise<TSimd, TVector>.Add(team, target, addend, length);

    public void AdamW(
        float* parameters, float* gradients, float* firstMoment, float* secondMoment, nint length, in AdamWCoefficients coefficients) =>
        Elementwise<TSimd, TVector>.AdamW(team, parameters, gradients, firstMoment, secondMoment, length, coefficients);

    public void LinearCombination(float* output, float* left, float leftScale, float* right, float rightScale, nint length) =>
        Elementwise<TSimd, TVector>.LinearCombination(team, output, left, leftScale, right, rightScale, length);
}
