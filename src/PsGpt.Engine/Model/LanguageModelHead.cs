using PsGpt.Kernels;
using PsGpt.Kernels.Simd;
using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>
/// The matrix that turns the final norm into logits, and the cross-entropy. The logits of all rows would be the largest tensor of a
/// step. They are therefore computed, turned into their gradient in place, and used up in blocks of rows.
/// </summary>
internal sealed unsafe class LanguageModelHead : IDisposable
{
    /// <summary>The floats of a block of logits: 64 MiB, which hold the rows of a common batch with GPT-2's vocabulary.</summary>
    private const int MaximumLogits = 1 << 24;

    private readonly GptConfiguration configuration;
    private readonly GptParameters parameters;
    private readonly Activations activations;
    private readonly IKernels kernels;
    private readonly IMatrixKernels matrices;
    private readonly int rowCount;
    private readonly int blockRows;
    private NativeBlock? logits;

    public LanguageModelHead(
        GptConfiguration configuration, GptParameters parameters, Activations activations, IKernels kernels, IMatrixKernels matrices,
        int rowCount)
    {
        (this.configuration, this.parameters, this.activations) = (configuration, parameters, activations);
        (this.kernels, this.matrices, this.rowCount) = (kernels, matrices, rowCount);
        blockRows = Math.Clamp(MaximumLogits / LogitStride, 1, rowCount);
    }

    private int V => configuration.VocabularySize;

    private int C => configuration.ChannelCount;

    /// <summary>
    /// The logits of a row and some of the padding of the vocabulary: rows that begin at a cache line are faster to write and to
    /// read. The padding takes no part in the loss, and its gradient is 0.
    /// </summary>
    private int LogitStride => (V + CacheLine.Floats - 1) / CacheLine.Floats * CacheLine.Floats;

    /// <summary>The logits (M,V) of all rows, without padding.</summary>
    public void ComputeLogits(float* output) => ComputeLogits(output, activations.FinalNorm.Pointer, rowCount, V);

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

    /// <summary>The sum of the losses of all rows; writes the gradients of the head's parameters and of its input (M,C).</summary>
    /// <param name="targets">(M).</param>
    /// <param name="targetCount">The number of targets of the whole batch: the gradients are those of its mean loss.</param>
    /// <param name="gradients">Takes the gradients of the head's parameters.</param>
    /// <param name="inputGradient">Takes the gradient of the final norm's output.</param>
    /// <param name="accumulate">Whether gradients of parameters are added to those that are there.</param>
    public double ComputeGradients(
        int* targets, int targetCount, Gradients gradients, float* inputGradient, bool accumulate, CancellationToken cancellationToken)
    {
        var block = Logits();
        for (var row = 0; row < rowCount; row += blockRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rows = RunBlock(block, targets, row, 1f / targetCount);
            var offset = (nint)row * C;
            kernels.MatMulBackwardInput(
                inputGradient + offset, block, parameters.HeadWeight, preActivation: null, default, new(rows, C, LogitStride));
            var squaredNorm = kernels.MatMulBackwardWeight(
                gradients.Pointers.HeadWeight, gradients.Pointers.HeadBias, block, activations.FinalNorm.Pointer + offset,
                new(rows, C, LogitStride), accumulate || row > 0);
            gradients.SetSquaredNorm(configuration.HeadWeightName, layer: 0, squaredNorm);
        }

        return SumLosses();
    }

    public void Dispose() => logits?.Dispose();

    private void ComputeLogits(float* output, float* input, int rows, int outputCount) =>
        matrices.MatMulForward(output, input, parameters.HeadWeight, parameters.HeadBias, residual: null, new(rows, C, outputCount));

    private float* Logits() => (logits ??= new NativeBlock((nint)blockRows * LogitStride)).Pointer;

    private int RunBlock(float* block, int* targets, int row, float gradientScale)
    {
        var rows = Math.Min(blockRows, rowCount - row);
        ComputeLogits(block, activations.FinalNorm.Pointer + ((nint)row * C), rows, LogitStride);
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
