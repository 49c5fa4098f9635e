using System.Runtime.CompilerServices;
using PsGpt.Kernels.Gemm;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;
using PsGpt.Tensors;

namespace PsGpt.Kernels.Narrow;

/// <summary>
/// The common part of matrices in narrow weights: the look-up of rows, the activation behind a product, and the product with many rows of
/// input, which takes the matrix widened to float32 through GEMM.
/// </summary>
internal abstract unsafe class NarrowMatrices<TSimd, TVector>(ThreadTeam team, WeightDataType type) : IMatrixKernels
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>The floats of a widened part of a matrix: 32 MiB, which hold any matrix of a layer of GPT-2 medium.</summary>
    private const int MaximumWidened = 1 << 23;

    protected ThreadTeam Team { get; } = team;

    public void EmbeddingForward(
        float* output, int* tokens, float* tokenEmbedding, float* positionEmbedding, int batchSize, int sequenceLength, int firstPosition,
        int channelCount) =>
        Team.For(
            batchSize * sequenceLength, ChunkSize.ForFloats(channelCount),
            new LookUpTask(
                this, type, output, tokens, tokenEmbedding, positionEmbedding + ((nint)firstPosition * channelCount), sequenceLength,
                channelCount));

    public void MatMulForward(float* output, float* input, float* weight, float* bias, float* residual, MatMulShape shape)
    {
        if (shape.M <= MaximumFewRows)
            MultiplyFewRows(output, input, weight, bias, residual, shape);
        else if (CanWidenAll(shape))
            Gemm<TSimd, TVector>.MatMul.Forward(Team, output, input, Widen(weight, shape.N, shape.K, room: 0), bias, residual, shape);
        else
            MultiplyInParts(output, input, weight, bias, residual, shape);
    }

    public void MatMulActivationForward(
        float* preActivation, float* activated, float* input, float* weight, float* bias, ActivationFunction activation,
        MatMulShape shape)
    {
        if (shape.M > MaximumFewRows && CanWidenAll(shape))
        {
            Gemm<TSimd, TVector>.MatMul.ActivationForward(
                Team, preActivation, activated, input, Widen(weight, shape.N, shape.K, room: 0), bias, activation, shape);
            return;
        }

        MatMulForward(preActivation, input, weight, bias, residual: null, shape);
        Team.For(shape.M, ChunkSize.ForFloats(shape.N), new ActivationTask(preActivation, activated, activation, shape.N));
    }

    /// <summary>The maximum rows of input for which widening the matrix would take longer than it saves.</summary>
    protected abstract int MaximumFewRows { get; }

    /// <summary>The product with up to <see cref="MaximumFewRows"/> rows of input.</summary>
    protected abstract void MultiplyFewRows(
        float* output, float* input, float* weight, float* bias, float* residual, MatMulShape shape);

    /// <summary>Widens a row to float32.</summary>
    protected abstract void Widen(float* row, float* target, int columns);

    /// <summary>Widens the first numbers of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static void WidenValues<TRow>(TRow row, float* target, int count)
        where TRow : IRow<TVector>
    {
        for (var i = 0; i < count; i += TSimd.Width)
            TSimd.Store(target + i, row.Load(i), count - i);
    }

    private static bool CanWidenAll(MatMulShape shape) => (long)shape.N * shape.K <= MaximumWidened;

    /// <summary>A matrix that is too large to be widened at once, some rows after others.</summary>
    private void MultiplyInParts(float* output, float* input, float* weight, float* bias, float* residual, MatMulShape shape)
    {
        var (M, K, N) = shape;
        var height = Math.Max(1, MaximumWidened / K);
        for (var first = 0; first < N; first += height)
        {
            var count = Math.Min(height, N - first);
            var widened = Widen(NarrowRow.At(type, weight, first, K), count, K, room: (nint)M * count);
            var part = widened + ((nint)count * K);
            Gemm<TSimd, TVector>.MatMul.Forward(
                Team, part, input, widened, bias is null ? null : bias + first, residual: null, shape with { N = count });
            for (nint row = 0; row < M; row++)
                Place(part + (row * count), output, residual, (row * N) + first, count);
        }
    }

    private static void Place(float* part, float* output, float* residual, nint offset, int count)
    {
        for (var n = 0; n < count; n++)
            output[offset + n] = part[n] + (residual is null ? 0 : residual[offset + n]);
    }

    /// <summary>Some rows of a matrix in float32 (N,K), with room for more floats behind them.</summary>
    private float* Widen(float* weight, int rowCount, int columns, nint room)
    {
        var widened = Scratch.Get(ScratchSlot.NarrowOperand, ((nint)rowCount * columns) + room);
        Team.For(rowCount, ChunkSize.ForFloats(columns), new WidenTask(this, type, weight, widened, columns));
        return widened;
    }

    private readonly struct WidenTask(
        NarrowMatrices<TSimd, TVector> matrices, WeightDataType type, float* weight, float* widened, int columns) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            for (nint n = start; n < end; n++)
                matrices.Widen(NarrowRow.At(type, weight, n, columns), widened + (n * columns), columns);
        }
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
