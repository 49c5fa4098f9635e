using PsGpt.Kernels;
using PsGpt.Kernels.Threading;

namespace PsGpt.Model;

/// <summary>
/// Sends a batch through one replica of a model, or through two at the same time, whose gradients are added. Each of the two has
/// half of the sequences and half of the threads, goes through all layers without waiting for the other, and finds its own results
/// in its caches. The results are the same for any number of threads.
/// </summary>
internal sealed unsafe class ReplicatedPass : IDisposable
{
    /// <summary>
    /// Smaller batches are not split: packing weights twice and keeping two gradient buffers would cost more than it saves.
    /// </summary>
    private const int MinimumTokens = 512;

    /// <summary>The largest model, in parameters, whose gradients are kept twice: 64 MiB each.</summary>
    private const int MaximumParameters = 1 << 24;

    private readonly IKernels kernels;
    private readonly TeamHalves? halves;
    private readonly Replica[] replicas;
    private readonly int layerCount;

    public ReplicatedPass(GptModel model, int batchSize, int sequenceLength, bool forTraining, IKernels kernels)
    {
        (this.kernels, layerCount) = (kernels, model.Configuration.LayerCount);
        if (!forTraining || !IsWorthSplitting(model, batchSize, sequenceLength))
        {
            replicas = [new Replica(model, firstSequence: 0, batchSize, sequenceLength, forTraining, kernels)];
            return;
        }

        halves = TeamHalves.Of(kernels.Team);
        var half = (batchSize + 1) / 2;
        replicas =
        [
            new(model, firstSequence: 0, half, sequenceLength, forTraining, kernels.On(halves.First)),
            new(model, firstSequence: half, batchSize - half, sequenceLength, forTraining, kernels.On(halves.Second)),
        ];
    }

    /// <summary>The gradients of the whole batch; null if the pass was not made for training.</summary>
    public Gradients? Gradients => replicas[0].Gradients;

    /// <summary>The sum of the losses of all rows.</summary>
    public double ComputeLoss(int* inputs, int* targets, DropoutMasks dropout, CancellationToken cancellationToken)
    {
        Run(new LossTask(replicas, inputs, targets, dropout, cancellationToken));
        return SumLosses();
    }

    /// <summary>The sum of the losses of all rows; writes <see cref="Gradients"/>.</summary>
    /// <param name="runsForward">Whether to go forward first; otherwise the activations are those of the last loss.</param>
    /// <param name="layerDone">Receives each layer when its gradients are final, the last layer first; or null.</param>
    public double ComputeGradients(
        int* inputs, int* targets, int targetCount, DropoutMasks dropout, bool accumulate, bool runsForward, Action<int>? layerDone,
        CancellationToken cancellationToken)
    {
        // The gradients of two replicas are final when they are added.
        var ofOne = replicas.Length == 1 ? layerDone : null;
        Run(new GradientsTask(replicas, inputs, targets, targetCount, dropout, accumulate, runsForward, ofOne, cancellationToken));
        foreach (var other in replicas.AsSpan(1))
            Gradients!.Add(other.Gradients!, kernels);
        for (var layer = layerCount - 1; layer >= 0 && replicas.Length > 1; layer--)
            layerDone?.Invoke(layer);
        return SumLosses();
    }

    /// <summary>Hands the gradients over to the caller, who disposes them, and frees everything else.</summary>
    public Gradients TakeGradients()
    {
        var gradients = replicas[0].TakeGradients();
        Dispose();
        return gradients;
    }

    /// <summary>Writes the logits of all rows.</summary>
    public void ComputeLogits(int* inputs, float* logits, CancellationToken cancellationToken) =>
        Run(new LogitsTask(replicas, inputs, logits, cancellationToken));

    /// <summary>Copies the losses of the rows of the last pass.</summary>
    public void CopyLosses(Span<float> losses)
    {
        foreach (var replica in replicas)
            replica.CopyLosses(losses);
    }

    public void Dispose()
    {
        foreach (var replica in replicas)
            replica.Dispose();
    }

    private static bool IsWorthSplitting(GptModel model, int batchSize, int sequenceLength) =>
        batchSize > 1 && batchSize * sequenceLength >= MinimumTokens && model.Storage.Block.Length <= MaximumParameters;

    private void Run<TTask>(TTask task)
        where TTask : struct, IParallelTask
    {
        if (halves is null)
            task.Execute(0, 1);
        else
            halves.For(task);
    }

    private double SumLosses()
    {
        var sum = 0.0;
        foreach (var replica in replicas)
            sum += replica.Loss;
        return sum;
    }

    private readonly struct LossTask(
        Replica[] replicas, int* inputs, int* targets, DropoutMasks dropout, CancellationToken cancellationToken) : IParallelTask
    {
        public void Execute(int start, int end)
        {
            for (var i = start; i < end; i++)
                replicas[i].ComputeLoss(inputs, targets, i == 0 ? dropout : dropout.Other, cancellationToken);
        }
    }

    private readonly struct LogitsTask(
        Replica[] replicas, int* inputs, float* logits, CancellationToken cancellationToken) : IParallelTask
    {
        public void Execute(int start, int end)
        {
            for (var i = start; i < end; i++)
                replicas[i].ComputeLogits(inputs, logits, cancellationToken);
        }
    }

    /// <summary>
    /// Each replica draws its own dropout. Only the first adds to the gradients of earlier batches: those of the other are added to it.
    /// </summary>
    private readonly struct GradientsTask(
        Replica[] replicas, int* inputs, int* targets, int targetCount, DropoutMasks dropout, bool accumulate, bool runsForward,
        Action<int>? layerDone, CancellationToken cancellationToken) : IParallelTask
    {
        public void Execute(int start, int end)
        {
            for (var i = start; i < end; i++)
                replicas[i].ComputeGradients(
                    inputs, targets, targetCount, i == 0 ? dropout : dropout.Other, accumulate && i == 0, runsForward,
                    layerDone, cancellationToken);
        }
    }
}
