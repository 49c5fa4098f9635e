using PsGpt.Kernels;
using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>The way of some sequences of a batch through a model, forward and back, with the memory for it.</summary>
internal sealed unsafe class BatchPart : IDisposable
{
    private readonly ForwardPass forward;
    private readonly BackwardPass? backward;
    private readonly LossHead head;
    private readonly Activations activations;
    private readonly int vocabularySize;

    // Of the batch, (B,T) as one.
    private readonly int firstRow;
    private readonly int rowCount;

    /// <param name="firstSequence">Where the part begins in the batch.</param>
    public BatchPart(GptModel model, int firstSequence, int sequenceCount, int sequenceLength, bool forTraining, IKernels kernels)
    {
        (firstRow, rowCount, vocabularySize) = (firstSequence * sequenceLength, sequenceCount * sequenceLength, model.Configuration.VocabularySize);
        activations = new Activations(model.Configuration, rowCount, forTraining);
        forward = new ForwardPass(model, activations, kernels, sequenceCount, sequenceLength);
        head = new LossHead(model, activations, kernels, rowCount);
        if (forTraining)
            backward = new BackwardPass(model, activations, kernels, sequenceCount, sequenceLength);
    }

    /// <summary>What the part adds to the gradients of the parameters; null where it was not made for training.</summary>
    public TensorSet? Gradients => backward?.Gradients;

    /// <summary>The sums of squares of the largest of <see cref="Gradients"/>.</summary>
    public GradientSquares? Squares => backward?.Squares;

    /// <summary>The sum of the losses of the part's rows, from its last pass.</summary>
    public double Loss { get; private set; }

    /// <param name="inputs">Those of the whole batch.</param>
    public void ComputeLoss(int* inputs, int* targets, CancellationToken cancellationToken)
    {
        forward.Run(inputs + firstRow, default, cancellationToken);
        Loss = head.ComputeLoss(targets + firstRow, cancellationToken);
    }

    public void ComputeGradients(int* inputs, int* targets, int targetCount, Dropout dropout, bool accumulate, CancellationToken cancellationToken)
    {
        forward.Run(inputs + firstRow, dropout, cancellationToken);
        Loss = head.ComputeGradients(targets + firstRow, targetCount, Gradients!, Squares!, backward!.NormFinalGradient, accumulate, cancellationToken);
        backward.Run(inputs + firstRow, dropout, accumulate, cancellationToken);
    }

    public void ComputeLogits(int* inputs, float* logits, CancellationToken cancellationToken)
    {
        forward.Run(inputs + firstRow, default, cancellationToken);
        head.ComputeLogits(logits + ((nint)firstRow * vocabularySize), activations.NormFinal.Pointer, rowCount);
    }

    public void Dispose()
    {
        backward?.Dispose();
        head.Dispose();
        activations.Dispose();
    }
}
