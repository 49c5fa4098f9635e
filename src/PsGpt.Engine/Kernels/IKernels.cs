using PsGpt.Kernels.Attention;
using PsGpt.Kernels.Threading;
using PsGpt.Tensors;

namespace PsGpt.Kernels;

/// <summary>
/// Every operator of a GPT, forward and backward. Pointers are trusted: the model checks sizes before it calls.
/// A null bias, residual or gradient means "none". All matrices are row-major; weights are stored (out, in).
/// Gradients of parameters are written, or added where <c>accumulate</c> says so.
/// </summary>
/// <remarks>
/// Legend: B rows of a batch, T positions, M = B · T, C channels, V vocabulary, NH heads, HS = C / NH, K inputs and N outputs
/// of a matrix.
/// </remarks>
internal unsafe interface IKernels : IMatrixKernels
{
    /// <summary>In a forward product of at most this many rows, each row has the bits that it has alone.</summary>
    const int IndependentRowCount = 8;

    /// <summary>The name that <c>PSGPT_KERNELS</c> and reports use.</summary>
    string Name { get; }

    /// <summary>The threads that share the work.</summary>
    ThreadTeam Team { get; }

    /// <summary>The same operators on other threads. Their results are the same to the last bit.</summary>
    IKernels On(ThreadTeam team);

    /// <summary>The operators that read matrices, for matrices that are stored as <paramref name="type"/>.</summary>
    IMatrixKernels For(WeightDataType type);

    /// <summary>
    /// Adds outputGradient (M,C) to the rows of the token embedding; writes, or adds to, the first T rows of the position
    /// embedding.
    /// </summary>
    /// <returns>The growth of the sum of squares of tokenGradient, in single precision over parts of it.</returns>
    double EmbeddingBackward(
        float* tokenGradient, float* positionGradient, int* tokens, float* outputGradient, int batchSize, int sequenceLength,
        int channelCount, bool accumulate);

    /// <summary>output (M,C) = (input − mean) · rstd · weight + bias for each row; keeps mean (M) and rstd (M).</summary>
    void LayerNormForward(
        float* output, float* mean, float* rstd, float* input, float* weight, float* bias, int rowCount, int channelCount, float epsilon);

    /// <summary>Adds to inputGradient (M,C); writes, or adds to, weightGradient (C) and biasGradient (C).</summary>
    void LayerNormBackward(
        float* inputGradient, float* weightGradient, float* biasGradient, float* outputGradient, float* input, float* mean, float* rstd,
        float* weight, int rowCount, int channelCount, bool accumulate);

    /// <summary>
    /// inputGradient (M,K) = outputGradient (M,N) · weight; if preActivation (M,K) is given, times the activation's derivative there.
    /// </summary>
    void MatMulBackwardInput(
        float* inputGradient, float* outputGradient, float* weight, float* preActivation, ActivationFunction activation,
        MatMulShape shape);

    /// <summary>weightGradient (N,K) = outputGradientᵀ · input; biasGradient (N) = the sum of outputGradient's rows.</summary>
    /// <returns>
    /// The sum of squares of the new weightGradient, in single precision over parts of it, for the norm of all gradients.
    /// </returns>
    double MatMulBackwardWeight(
        float* weightGradient, float* biasGradient, float* outputGradient, float* input, MatMulShape shape, bool accumulate);

    /// <summary>
    /// Causal self-attention of all heads: output (B,T,C) from queries, keys and values side by side (B,T,3C); keeps the logarithm
    /// of each row's sum of exponentials (B,NH,T) for the backward pass.
    /// </summary>
    void AttentionForward(float* output, float* logSumExp, float* queryKeyValue, AttentionShape shape, DropoutMask dropout);

    /// <summary>Writes queryKeyValueGradient (B,T,3C).</summary>
    void AttentionBackward(
        float* queryKeyValueGradient, float* outputGradient, float* output, float* logSumExp, float* queryKeyValue, AttentionShape shape,
        DropoutMask dropout);

    /// <summary>
    /// Attention of new positions: output (M,C) from the queries of M rows, each over keys and values of its own, for all heads.
    /// </summary>
    /// <param name="queryStride">Floats from a query to the next.</param>
    /// <param name="caches">Keys and values of each row.</param>
    /// <param name="type">How they are stored.</param>
    void AttentionDecode(
        float* output, float* queries, nint queryStride, ReadOnlySpan<CachedKeys> caches, WeightDataType type, int headCount,
        int channelCount);

    /// <summary>output = residual + dropout(input), or dropout(input) where residual is null; input and output may be the same.</summary>
    void DropoutForward(float* output, float* input, float* residual, nint length, DropoutMask mask);

    /// <summary>
    /// Softmax and cross-entropy of each row. Writes losses (M), 0 if the target is negative; turns logits (M,V) with row
    /// stride into gradient (softmax − one-hot) · gradientScale, 0 if the target is negative, and behind the vocabulary;
    /// gradientScale 0 leaves them.
    /// </summary>
    void CrossEntropy(float* losses, float* logits, int* targets, int rowCount, int vocabularySize, nint rowStride, float gradientScale);

    /// <summary>The sum of squares, in double precision over blocks of fixed size.</summary>
    double SumOfSquares(float* values, nint length);

    /// <summary>target += addend.</summary>
    void Add(float* target, float* addend, nint length);

    /// <summary>
    /// One AdamW step over a tensor (Loshchilov and Hutter 2019, as PyTorch has it): decay first, then the bias-corrected moments.
    /// </summary>
    /// <remarks>Values below the thresholds of <see cref="FlushToZero"/> count as 0.</remarks>
    void AdamW(
        float* parameters, float* gradients, float* firstMoment, float* secondMoment, nint length, in AdamWCoefficients coefficients);

    /// <summary>output = left · leftScale + right · rightScale; output may be one of them.</summary>
    /// <remarks>Values below <see cref="FlushToZero.Moment"/> count as 0.</remarks>
    void LinearCombination(float* output, float* left, float leftScale, float* right, float rightScale, nint length);
}
