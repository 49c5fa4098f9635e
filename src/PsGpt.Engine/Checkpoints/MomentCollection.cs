using System.Runtime.InteropServices;
using PsGpt.Communication;
using PsGpt.Formats.HuggingFace;
using PsGpt.Formats.Weights;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Checkpoints;

/// <summary>
/// The way of the ranks' parts of the moments to rank 0, which writes the same file as one process. They travel tensor by tensor, 4 MB at
/// a time, so that rank 0 needs no room for the parts of others. All ranks go this way once for each checkpoint, also where rank 0
/// cannot write: a rank that left it early would let the others wait.
/// </summary>
internal sealed class MomentCollection(ICommunicator communicator, GptModel model)
{
    private const int PieceLength = 1 << 20;

    private bool hasBegun;
    private Stream? output;
    private Exception? failure;

    /// <summary>Collects the moments of all ranks. Collective.</summary>
    /// <param name="file">The file on rank 0; null elsewhere.</param>
    /// <exception cref="IOException">The disk failed, which is thrown when all parts have travelled.</exception>
    public void Write(Stream? file)
    {
        (hasBegun, output) = (true, file);
        var state = model.TrainingState;
        using var leases = state.Lease();
        (string Moment, Tensor Part, Tensor Whole)[] all =
        [
            .. from moment in state.Moments
               from pair in moment.Value.Tensors.Zip(model.Weights.Tensors)
               select (moment.Key, pair.First, pair.Second),
        ];
        var counts = new double[all.Length];
        for (var i = 0; i < all.Length; i++)
            counts[i] = MomentFile.IsZero(all[i].Part) ? 0 : 1;
        communicator.AllReduce(counts);
        var used = all.Where((_, i) => counts[i] > 0).ToArray();
        TensorMapping[] mappings = [.. used.Select(tensor => MomentFile.MappingOf(tensor.Moment, tensor.Whole))];
        Try(stream => SafetensorsWriter.WriteHeader(stream, mappings, prefix: "", WeightDataType.Float32));
        var piece = new float[PieceLength];
        foreach (var (_, part, _) in used)
            Collect(part, piece);
        if (failure is not null)
            throw failure;
    }

    /// <summary>Goes the way where that has not been done: rank 0 failed before it came there, or this is another rank.</summary>
    public void Complete()
    {
        if (!hasBegun)
            Write(file: null);
    }

    private void Collect(Tensor part, float[] piece)
    {
        var (starts, length) = part.Shape.Runs();
        var lengths = communicator.Gather(length);
        for (var i = 0; i < starts.Length * lengths.Length; i++)
        {
            var (run, rank) = (i / lengths.Length, i % lengths.Length);
            for (nint start = 0; start < (nint)lengths[rank]; start += PieceLength)
            {
                var values = piece.AsMemory(0, (int)Math.Min(PieceLength, (nint)lengths[rank] - start));
                if (rank == communicator.Rank)
                    part.Range((run * length) + start, values.Length).CopyTo(values.Span);
                communicator.Broadcast(MemoryMarshal.AsBytes(values.Span), rank);
                Try(stream => WeightBytes.Write(stream, WeightDataType.Float32, values.Span));
            }
        }
    }

    /// <summary>Writes to the file, if there is one that has not failed.</summary>
    private void Try(Action<Stream> write)
    {
        if (output is null)
            return;
        try
        {
            write(output);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            (failure, output) = (exception, null);
        }
    }
}
