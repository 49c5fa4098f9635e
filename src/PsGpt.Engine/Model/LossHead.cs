using PsGpt.Kernels;
using PsGpt.Kernels.Simd;
using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>
/// The matrix that turns the last norm into logits, and the loss. The logits of all rows would be the largest tensor of a
/// step, so they are made, turned into their gradient in place, and used up in blocks of rows.
/// </summary>
internal sealed unsafe class LossHead : IDisposable
{
    /// <summary>Floats of logits at once: 64 MiB, the rows of a common batch with GPT-2's vocabulary.</summary>
    private const int MostLogits = 1 << 24;

    private readonly GptModel model;
    private readonly Activations activations;
    private readonly IKernels kernels;
    private readonly int rowCount;
    private readonly int blockRows;
    private NativeBlock? logits;

    public LossHead(GptModel model, Activations activations, IKernels kernels, int rowCount)
    {
        (this.model, this.activations, this.kernels, this.rowCount) = (model, activations, kernels, rowCount);
        blockRows = Math.Clamp(MostLogits / LogitStride, 1, rowCount);
    }

    private int V => model.Configuration.VocabularySize;

    private int C => model.Configuration.ChannelCount;

    /// <summary>
    /// The logits of a row, and some of the padding of the vocabulary: rows that begin at a cache line are faster to write and to
    /// read. The padding takes no part in the loss, and its gradient is 0.
    /// </summary>
    private int LogitStride => (V + CacheLine.Floats - 1) / CacheLine.Floats * CacheLine.Floats;

    /// <summary>Logits (M,V) without padding.</summary>
    public void ComputeLogits(float* output, float* input, int rows) => ComputeLogits(output, input, rows, V);

    /// <summary>The sum of the losses of all rows.</summary>
    public double ComputeLoss(int* targets, CancellationToken cancellationToken)
    {
        var block = Logits();
        for (var row = 0; row < rowCount; row += blockRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RunBlock(block, targets, row, gradientScale: 0);
        }

        return SumLosses();
    }

    /// <summary>The sum of the losses of all rows; writes the gradients of the head's parameters and of its input (M,C), and the sum of squares of its matrix's gradient.</summary>
    /// <param name="targetCount">The targets of the whole batch, whose mean loss the gradients are those of.</param>
    public double ComputeGradients(int* targets, int targetCount, TensorSet gradients, GradientSquares squares, float* inputGradient, bool accumulate, CancellationToken cancellationToken)
    {
        var block = Logits();
        for (var row = 0; row < rowCount; row += blockRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rows = RunBlock(block, targets, row, 1f / targetCount);
            var offset = (nint)row * C;
            kernels.MatMulBackwardInput(inputGradient + offset, block, HeadWeight, preActivation: null, default, rows, C, LogitStride);
            squares.Head = kernels.MatMulBackwardWeight(
                gradients.PointerTo(model.Configuration.HeadWeightName), gradients.PointerTo("lmheadb"), block, activations.NormFinal.Pointer + offset, rows, C, LogitStride, accumulate || row > 0);
        }

        return SumLosses();
    }

    public void Dispose() => logits?.Dispose();

    private float* HeadWeight => model.Parameters.PointerTo(model.Configuration.HeadWeightName);

    private void ComputeLogits(float* output, float* input, int rows, int outputCount) =>
        kernels.MatMulForward(output, input, HeadWeight, model.Parameters.PointerTo("lmheadb"), residual: null, rows, C, outputCount);

    private float* Logits() => (logits ??= new NativeBlock((nint)blockRows * LogitStride)).Pointer;

    private int RunBlock(float* block, int* targets, int row, float gradientScale)
    {
        var rows = Math.Min(blockRows, rowCount - row);
        ComputeLogits(block, activations.NormFinal.Pointer + ((nint)row * C), rows, LogitStride);
        kernels.CrossEntropy(activations.Losses.Pointer + row, block, targets + row, rows, V, LogitStride, gradientScale);
        return rows;
    }

    private double SumLosses()
    {
        var sum = 0.0;
        foreach (var loss in activations.Losses.Span)
            sum += loss;
        return sum;
    }
}
