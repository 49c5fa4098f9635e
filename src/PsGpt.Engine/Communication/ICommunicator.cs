namespace PsGpt.Communication;

/// <summary>
/// A group of processes (ranks) that train one model together. Every rank makes the same calls in the same order, each of which
/// returns when this rank's part is done. Not for use from several threads at once; calls may come from one thread after the other.
/// </summary>
/// <remarks>
/// Sums are made in the order of the ranks, so the same ranks get the same bits in every run. Implement it to bring another
/// transport, such as NCCL or Gloo. <see cref="ReduceScatter"/> is called by a thread of low priority while others compute: there a
/// wait should leave them the processor.
/// </remarks>
public interface ICommunicator
{
    /// <summary>The transport for reports, such as <c>Open MPI v4.1.4</c>.</summary>
    string Name { get; }

    /// <summary>This process's number, 0 … <see cref="Size"/> − 1.</summary>
    int Rank { get; }

    /// <summary>The number of processes, at least 1.</summary>
    int Size { get; }

    /// <summary>Waits until every rank has come here.</summary>
    /// <exception cref="GptException"><c>CommunicationFailed</c>.</exception>
    void Barrier();

    /// <summary>Copies the bytes of one rank to all.</summary>
    /// <param name="data">The bytes to send on <paramref name="root"/>, room for as many elsewhere.</param>
    /// <param name="root">The rank that sends.</param>
    /// <exception cref="GptException"><c>CommunicationFailed</c>.</exception>
    void Broadcast(Span<byte> data, int root);

    /// <summary>Replaces each value by its sum over all ranks. Meant for a few numbers, such as losses and norms.</summary>
    /// <exception cref="GptException"><c>CommunicationFailed</c>.</exception>
    void AllReduce(Span<double> values);

    /// <summary>
    /// Sums all ranks' values, and leaves each rank its own segment of the sum; the other segments keep this rank's values.
    /// </summary>
    /// <param name="values">One segment for each rank, in the order of the ranks.</param>
    /// <param name="counts">The length of each segment, the same on every rank.</param>
    /// <param name="format">The number format on the wire; sums are always made in float32.</param>
    /// <exception cref="GptException"><c>CommunicationFailed</c>.</exception>
    void ReduceScatter(Span<float> values, ReadOnlySpan<int> counts, WireFormat format = WireFormat.Float32);

    /// <summary>Gives every rank all segments: each brings its own and receives the others.</summary>
    /// <param name="values">One segment for each rank, in the order of the ranks.</param>
    /// <param name="counts">The length of each segment, the same on every rank.</param>
    /// <exception cref="GptException"><c>CommunicationFailed</c>.</exception>
    void AllGather(Span<float> values, ReadOnlySpan<int> counts);

    /// <summary>Ends the processes of all ranks at once, because this one cannot continue.</summary>
    /// <param name="exitCode">The exit code that the launcher reports, 1 … 255.</param>
    void Abort(int exitCode);
}
