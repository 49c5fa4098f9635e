using System.Runtime.CompilerServices;
using PsGpt.Kernels.Gemm;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;
using PsGpt.Tensors;

namespace PsGpt.Kernels.Narrow;

/// <summary>The common part of matrices in narrow weights: the look-up of rows, and the activation behind a product.</summary>
internal abstract unsafe class NarrowMatrices<TSimd, TVector>(ThreadTeam team, WeightDataType type) : IMatrixKernels
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    protected ThreadTeam Team { get; } = team;

    public void EmbeddingForward(
        float* output, int* tokens, float* tokenEmbedding, float* positionEmbedding, int batchSize, int sequenceLength, int firstPosition,
        int channelCount) =>
        Team.For(
            batchSize * sequenceLength, ChunkSize.ForFloats(channelCount),
            new LookUpTask(
                this, type, output, tokens, tokenEmbedding, positionEmbedding + ((nint)firstPosition * channelCount), sequenceLength,
                channelCount));

    public abstract void MatMulForward(float* output, float* input, float* weight, float* bias, float* residual, MatMulShape shape);

    public void MatMulActivationForward(
        float* preActivation, float* activated, float* input, float* weight, float* bias, ActivationFunction activation,
        MatMulShape shape)
    {
        MatMulForward(preActivation, input, weight, bias, residual: null, shape);
        Team.For(shape.M, ChunkSize.ForFloats(shape.N), new ActivationTask(preActivation, activated, activation, shape.N));
    }

    /// <summary>Widens a row to float32.</summary>
    protected abstract void Widen(float* row, float* target, int columns);

    /// <summary>Widens the first numbers of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static void Widen<TRow>(TRow row, float* target, int count)
        where TRow : IRow<TVector>
    {
        for (var i = 0; i < count; i += TSimd.Width)
            TSimd.Store(target + i, row.Load(i), count - i);
    }

    private readonly struct LookUpTask(
        NarrowMatrices<TSimd, TVector> matrices, WeightDataType type, float* output, int* tokens, float* tokenEmbedding,
        float* positionEmbedding, int sequenceLength, int channelCount) : IParallelTask
    {
        public void Execute(int start, int end)
        {
            for (nint row = start; row < end; row++)
            {
                var sum = output + (row * channelCount);
                matrices.Widen(NarrowRow.At(type, tokenEmbedding, tokens[row], channelCount), sum, channelCount);
                var position = positionEmbedding + (row % sequenceLength * channelCount);
                for (var c = 0; c < channelCount; c += TSimd.Width)
                {
                    var count = channelCount - c;
                    var value = TSimd.Add(TSimd.Load(sum + c, count), TSimd.Load(position + c, count));
                    TSimd.Store(sum + c, value, count);
                }
            }
        }
    }

    private readonly struct ActivationTask(float* preActivation, float* activated, ActivationFunction activation, int columns)
        : IParallelTask
    {
        public void Execute(int start, int end)
        {
            var offset = (nint)start * columns;
            var epilogue = new Epilogue { Activated = activated, Activation = activation };
            Gemm<TSimd, TVector>.EpiloguePass.Apply(epilogue, preActivation + offset, offset, 0, columns, end - start, columns);
        }
    }
}
