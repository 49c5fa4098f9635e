using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using PsGpt.Communication;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Training;

/// <summary>
/// Sums the gradients of one step over the ranks. Each layer travels on a thread of its own as soon as it is final, while the backward
/// pass goes on with the layers before it. Sums have the same bits as without that.
/// </summary>
internal sealed class GradientExchange : IDisposable
{
    private readonly ParameterShards shards;
    private readonly Gradients gradients;
    private readonly WireFormat format;
    private readonly BlockingCollection<int> layers = [];
    private readonly Thread thread;
    private readonly MemoryLease lease;
    private ExceptionDispatchInfo? failure;

    /// <summary>Waits for layers.</summary>
    public GradientExchange(ParameterShards shards, Gradients gradients, WireFormat format)
    {
        (this.shards, this.gradients, this.format) = (shards, gradients, format);

        // A trainer that fails frees its gradients, which may be on their way.
        lease = gradients.Lease();
        thread = new Thread(SumLayers) { IsBackground = true, Priority = ThreadPriority.BelowNormal };
        thread.Start();
    }

    /// <summary>Takes a layer whose gradients are final. All ranks give their layers in the same order.</summary>
    public void Add(int layer) => layers.Add(layer);

    /// <summary>Waits for the layers, and sums all other gradients. To be called once, when the backward pass has ended.</summary>
    /// <exception cref="GptException"><c>CommunicationFailed</c>.</exception>
    public void Finish()
    {
        layers.CompleteAdding();
        thread.Join();
        failure?.Throw();
        shards.SumOthers(gradients, format);
    }

    /// <summary>Takes no more layers. After a failed pass the thread may wait for other ranks until the process ends.</summary>
    public void Dispose() => layers.CompleteAdding();

    private void SumLayers()
    {
        try
        {
            foreach (var layer in layers.GetConsumingEnumerable())
                shards.SumLayer(gradients, layer, format);
        }
        catch (Exception exception)
        {
            failure = ExceptionDispatchInfo.Capture(exception);
        }
        finally
        {
            lease.Dispose();
        }
    }
}
