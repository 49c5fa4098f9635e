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

    /// <param name="firstSequence">Where the part begins in the batch.</param>
    public BatchPart(GptModel model, int firstSequence, int sequenceCount, int sequenceLength, bool forTraining, IKernels kernels)
    {
        (FirstRow, RowCount, vocabularySize) = (firstSequence * sequenceLength, sequenceCount * sequenceLength, model.Configuration.VocabularySize);
        activations = new Activations(model.Configuration, RowCount, forTraining);
        forward = new ForwardPass(model, activations, kernels, sequenceCount, sequenceLength);
        head = new LossHead(model, activations, kernels, RowCount);
        if (forTraining)
            backward = new BackwardPass(model, activations, kernels, sequenceCount, sequenceLength);
    }

    /// <summary>The first row of the batch, (B,T) as one.</summary>
    public int FirstRow { get; }

    public int RowCount { get; }

    /// <summary>What the part adds to the gradients of the parameters; null where it was not made for training.</summary>
    public TensorSet? Gradients => backward?.Gradients;

    /// <summary>The sums of squares of the largest of <see cref="Gradients"/>.</summary>
    public GradientSquares? Squares => backward?.Squares;

    /// <summary>The sum of the losses of the part's rows, from its last pass.</summary>
    public double Loss { get; private set; }

    /// <param name="inputs">Those of the whole batch.</param>
    public void ComputeLoss(int* inputs, int* targets, CancellationToken cancellationToken)
    {
        forward.Run(inputs + FirstRow, default, cancellationToken);
        Loss = head.ComputeLoss(targets + FirstRow, cancellationToken);
    }

    public void ComputeGradients(int* inputs, int* targets, int targetCount, Dropout dropout, bool accumulate, CancellationToken cancellationToken)
    {
        forward.Run(inputs + FirstRow, dropout, cancellationToken);
        Loss = head.ComputeGradients(targets + FirstRow, targetCount, Gradients!, Squares!, backward!.NormFinalGradient, accumulate, cancellationToken);
        backward.Run(inputs + FirstRow, dropout, accumulate, cancellationToken);
    }

    public void ComputeLogits(int* inputs, float* logits, CancellationToken cancellationToken)
    {
        forward.Run(inputs + FirstRow, default, cancellationToken);
        head.ComputeLogits(logits + ((nint)FirstRow * vocabularySize), activations.NormFinal.Pointer, RowCount);
    }

    public void Dispose()
    {
        backward?.Dispose();
        head.Dispose();
        activations.Dispose();
    }
}
