using PsGpt.Communication;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Training;

/// <summary>
/// Divides the work of an optimizer among ranks (ZeRO stage 1, Rajbhandari et al. 2020): each rank receives the summed gradients of its
/// shard of every tensor, holds the moments of the shard, updates it, and sends the updated parameters to the others.
/// </summary>
/// <remarks>
/// The matrices within the layers are most of a model. Each rank has a part of each layer of theirs, so that all ranks send and receive
/// alike when a layer's gradients are summed while the backward pass goes on. An optimizer that needs whole matrices has whole layers.
/// </remarks>
internal sealed class ParameterShards
{
    /// <summary>The floats that stay together where nothing else counts: a cache line.</summary>
    private const int Unit = 16;

    private readonly ICommunicator communicator;
    private readonly IReadOnlyList<ParameterPart> parts;
    private readonly int[] wholeTensors;
    private readonly (int Tensor, int Layer)[] layers;

    // For each tensor, the length of each rank's shard: of the tensor, or of each of its layers.
    private readonly int[][] counts;

    /// <param name="shapes">The shapes of the parameters.</param>
    /// <param name="parts">The parts that are trained.</param>
    /// <param name="needsWholeLayers">Whether a tensor is divided between its layers only.</param>
    public ParameterShards(
        IReadOnlyList<TensorShape> shapes, IReadOnlyList<ParameterPart> parts, Func<TensorShape, bool> needsWholeLayers,
        ICommunicator communicator)
    {
        (this.parts, this.communicator) = (parts, communicator);
        bool IsLayered(TensorShape shape) => shape.IsHiddenMatrix && !needsWholeLayers(shape);
        wholeTensors = [.. parts.Where(part => !IsLayered(part.Shape)).Select(part => part.TensorIndex).Distinct()];
        layers = [.. parts.Where(part => IsLayered(part.Shape)).SelectMany(
            part => Enumerable.Range(part.FirstLayer, part.LayerCount).Select(layer => (part.TensorIndex, layer)))];
        counts = [.. shapes.Select(shape => IsLayered(shape)
            ? Divide(shape.LayerLength, Unit)
            : Divide(shape.Length, needsWholeLayers(shape) ? shape.LayerLength : Unit))];
        Shapes = [.. shapes.Select((shape, i) => IsLayered(shape)
            ? shape.PartOfLayers(StartOf(i), counts[i][communicator.Rank])
            : shape.Part(StartOf(i), counts[i][communicator.Rank]))];
    }

    /// <summary>The shapes of this rank's shard of every tensor.</summary>
    public IReadOnlyList<TensorShape> Shapes { get; }

    /// <summary>The parameters to update on this rank: whole layers where the optimizer needs them, else any run of values.</summary>
    public IEnumerable<ParameterPart> OwnParts() => parts.SelectMany(part => Runs(part));

    /// <summary>
    /// Replaces a layer's gradients of this rank's shards by their sums over all ranks, in those tensors that are divided within layers.
    /// </summary>
    public void SumLayer(Gradients gradients, int layer, WireFormat format)
    {
        foreach (var (tensor, _) in layers.Where(pair => pair.Layer == layer))
            communicator.ReduceScatter(gradients.Tensors[tensor].Slice(layer), counts[tensor], format);
    }

    /// <summary>
    /// Does the same with the tensors that <see cref="SumLayer"/> leaves out. The gradients of other ranks' shards are then of no use.
    /// </summary>
    public void SumOthers(Gradients gradients, WireFormat format)
    {
        foreach (var i in wholeTensors)
            communicator.ReduceScatter(gradients.Tensors[i].Span, counts[i], format);
        gradients.ForgetSquaredNorms();
    }

    /// <summary>Brings every rank's updated shards to all ranks.</summary>
    public void SpreadParameters(TensorSet parameters)
    {
        foreach (var i in wholeTensors)
            communicator.AllGather(parameters.Tensors[i].Span, counts[i]);
        foreach (var (tensor, layer) in layers)
            communicator.AllGather(parameters.Tensors[tensor].Slice(layer), counts[tensor]);
    }

    /// <summary>The values of a part that this rank's shard has.</summary>
    private IEnumerable<ParameterPart> Runs(ParameterPart part)
    {
        var partStart = part.FirstLayer * part.LayerLength;
        var (starts, length) = Shapes[part.TensorIndex].Runs();
        foreach (var shardStart in starts)
        {
            var start = Math.Max(shardStart, partStart);
            var end = Math.Min(shardStart + length, partStart + part.Length);
            if (end <= start)
                continue;
            var isWholeLayers = start % part.LayerLength == 0 && end % part.LayerLength == 0;
            yield return isWholeLayers
                ? part with { FirstLayer = (int)(start / part.LayerLength), LayerCount = (int)((end - start) / part.LayerLength) }
                : new ParameterPart(part.TensorIndex, part.Shape.Part(start, end - start), FirstLayer: 0, LayerCount: 1);
        }
    }

    private nint StartOf(int tensor) => counts[tensor].Take(communicator.Rank).Sum();

    /// <summary>The lengths of shards that are as equal as whole units allow.</summary>
    private int[] Divide(nint length, nint unit)
    {
        var unitCount = (length + unit - 1) / unit;
        nint EndOf(int rank) => Math.Min(length, unitCount * (rank + 1) / communicator.Size * unit);
        return [.. Enumerable.Range(0, communicator.Size).Select(rank => checked((int)(EndOf(rank) - (rank == 0 ? 0 : EndOf(rank - 1)))))];
    }
}
