using PsGpt.Kernels;

namespace PsGpt.Model;

/// <summary>The forward and backward pass of some sequences of a batch, with their memory.</summary>
internal sealed unsafe class Replica : IDisposable
{
    private readonly ForwardPass forward;
    private readonly BackwardPass? backward;
    private readonly LanguageModelHead head;
    private readonly Activations activations;
    private readonly int vocabularySize;

    // The first of the replica's rows among the B · T rows of the batch.
    private readonly int firstRow;

    /// <param name="firstSequence">The place of the first sequence in the batch.</param>
    public Replica(GptModel model, int firstSequence, int sequenceCount, int sequenceLength, bool forTraining, IKernels kernels)
    {
        var (configuration, rowCount) = (model.Configuration, sequenceCount * sequenceLength);
        var parameters = new GptParameters(model.Storage, configuration);
        var matrices = kernels.For(model.DataType);
        (firstRow, vocabularySize) = (firstSequence * sequenceLength, configuration.VocabularySize);
        activations = new Activations(configuration, rowCount, forTraining);
        forward = new ForwardPass(configuration, parameters, activations, kernels, matrices, sequenceCount, sequenceLength);
        head = new LanguageModelHead(configuration, parameters, activations, kernels, matrices, rowCount);
        if (forTraining)
            backward = new BackwardPass(configuration, parameters, activations, kernels, sequenceCount, sequenceLength);
    }

    /// <summary>The gradients of the replica's sequences; null if it was not made for training.</summary>
    public Gradients? Gradients => backward?.Gradients;

    /// <summary>The sum of the losses of the replica's rows, from its last pass.</summary>
    public double Loss { get; private set; }

    /// <param name="inputs">Those of the whole batch.</param>
    /// <param name="targets">Those of the whole batch.</param>
    public void ComputeLoss(int* inputs, int* targets, DropoutMasks dropout, CancellationToken cancellationToken)
    {
        forward.Run(inputs + firstRow, dropout, cancellationToken);
        Loss = head.ComputeLoss(targets + firstRow, cancellationToken);
    }

    /// <param name="runsForward">Whether to go forward first; otherwise the activations are those of the last pass.</param>
    /// <param name="layerDone">Receives each layer when its gradients are final, the last layer first; or null.</param>
    public void ComputeGradients(
        int* inputs, int* targets, int targetCount, DropoutMasks dropout, bool accumulate, bool runsForward,
        Action<int>? layerDone, CancellationToken cancellationToken)
    {
        if (runsForward)
            forward.Run(inputs + firstRow, dropout, cancellationToken);
        Loss = head.ComputeGradients(
            targets + firstRow, targetCount, Gradients!, backward!.FinalNormGradient, accumulate, cancellationToken);
        backward.Run(inputs + firstRow, dropout, accumulate, layerDone, cancellationToken);
    }

    /// <summary>Hands the gradients over to the caller, who disposes them.</summary>
    public Gradients TakeGradients() => backward!.TakeGradients();

    public void ComputeLogits(int* inputs, float* logits, CancellationToken cancellationToken)
    {
        forward.Run(inputs + firstRow, DropoutMasks.None, cancellationToken);
        head.ComputeLogits(logits + ((nint)firstRow * vocabularySize));
    }

    /// <param name="losses">Those of the whole batch.</param>
    public void CopyLosses(Span<float> losses) => activations.Losses.Span.CopyTo(losses[firstRow..]);

    public void Dispose()
    {
        backward?.Dispose();
        head.Dispose();
        activations.Dispose();
    }
}
