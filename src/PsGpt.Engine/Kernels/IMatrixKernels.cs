namespace PsGpt.Kernels;

/// <summary>
/// The forward operators that read a matrix of weights, in float32 or narrower (<see cref="IKernels.For"/>). A pointer to the rows of a
/// narrower matrix is that to their bytes, which <see cref="Tensors.NarrowRow"/> lays out. All else is float32.
/// </summary>
/// <remarks>The legend is that of <see cref="IKernels"/>.</remarks>
internal unsafe interface IMatrixKernels
{
    /// <summary>output (M,C) = tokenEmbedding[token] + positionEmbedding[position].</summary>
    /// <param name="tokens">(B,T), each within the vocabulary.</param>
    /// <param name="firstPosition">The position of the first column; 0 in training.</param>
    void EmbeddingForward(
        float* output, int* tokens, float* tokenEmbedding, float* positionEmbedding, int batchSize, int sequenceLength, int firstPosition,
        int channelCount);

    /// <summary>output (M,N) = input (M,K) · weightᵀ + bias (N) + residual (M,N).</summary>
    void MatMulForward(float* output, float* input, float* weight, float* bias, float* residual, MatMulShape shape);

    /// <summary>preActivation (M,N) = input (M,K) · weightᵀ + bias (N); activated (M,N) = activation(preActivation).</summary>
    /// <param name="activated">May be <paramref name="preActivation"/>, which is then lost.</param>
    void MatMulActivationForward(
        float* preActivation, float* activated, float* input, float* weight, float* bias, ActivationFunction activation,
        MatMulShape shape);
}
