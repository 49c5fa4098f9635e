using PsGpt.Communication;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Training;

/// <summary>
/// Divides the work of an optimizer among ranks (ZeRO stage 1, Rajbhandari et al. 2020): each rank receives the summed gradients of its
/// shard of every tensor, holds the moments of the shard, updates it, and sends the updated parameters to the others.
/// </summary>
internal sealed class ParameterShards
{
    /// <summary>The floats that stay together where nothing else counts: a cache line.</summary>
    private const int Unit = 16;

    private readonly ICommunicator communicator;
    private readonly IReadOnlyList<ParameterPart> parts;
    private readonly int[] trainedTensors;

    // For each tensor, the length of each rank's shard.
    private readonly int[][] counts;

    /// <param name="shapes">The shapes of the parameters.</param>
    /// <param name="parts">The parts that are trained.</param>
    /// <param name="needsWholeLayers">Whether a tensor is divided between its layers only.</param>
    public ParameterShards(
        IReadOnlyList<TensorShape> shapes, IReadOnlyList<ParameterPart> parts, Func<TensorShape, bool> needsWholeLayers,
        ICommunicator communicator)
    {
        (this.parts, this.communicator) = (parts, communicator);
        trainedTensors = [.. parts.Select(part => part.TensorIndex).Distinct()];
        counts = [.. shapes.Select(shape => Divide(shape.Length, needsWholeLayers(shape) ? shape.LayerLength : Unit))];
        Shapes = [.. shapes.Select((shape, i) => shape.Part(StartOf(i), counts[i][communicator.Rank]))];
    }

    /// <summary>The shapes of this rank's shard of every tensor.</summary>
    public IReadOnlyList<TensorShape> Shapes { get; }

    /// <summary>The parameters to update on this rank: whole layers where the optimizer needs them, else any run of values.</summary>
    public IEnumerable<ParameterPart> OwnParts()
    {
        foreach (var part in parts)
        {
            var (shard, partStart) = (Shapes[part.TensorIndex], part.FirstLayer * part.LayerLength);
            var start = Math.Max(shard.Start, partStart);
            var end = Math.Min(shard.Start + shard.Length, partStart + part.Length);
            if (end <= start)
                continue;
            var isWholeLayers = start % part.LayerLength == 0 && end % part.LayerLength == 0;
            yield return isWholeLayers
                ? part with { FirstLayer = (int)(start / part.LayerLength), LayerCount = (int)((end - start) / part.LayerLength) }
                : new ParameterPart(part.TensorIndex, part.Shape.Part(start, end - start), FirstLayer: 0, LayerCount: 1);
        }
    }

    /// <summary>
    /// Replaces the gradients of this rank's shards by their sums over all ranks; those of other shards are then of no use.
    /// </summary>
    public void SumGradients(Gradients gradients, WireFormat format)
    {
        foreach (var i in trainedTensors)
            communicator.ReduceScatter(gradients.Tensors[i].Span, counts[i], format);
        gradients.ForgetSquaredNorms();
    }

    /// <summary>Brings every rank's updated shards to all ranks.</summary>
    public void SpreadParameters(TensorSet parameters)
    {
        foreach (var i in trainedTensors)
            communicator.AllGather(parameters.Tensors[i].Span, counts[i]);
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
