using System.Runtime.InteropServices;
using System.Text.Json;
using PsGpt.Communication;
using PsGpt.Formats;
using PsGpt.Formats.HuggingFace;
using PsGpt.Formats.Weights;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Checkpoints;

/// <summary>
/// Moments of which each rank holds a part, in the same file as those of one process. Rank 0 reads and writes it, and all ranks send or
/// receive the values tensor by tensor, 4 MB at a time, so that none needs room for those of the others.
/// </summary>
internal static class RankMoments
{
    private const int PieceLength = 1 << 20;

    /// <summary>Collects the moments of all ranks. Collective.</summary>
    /// <param name="file">The file on rank 0; null elsewhere.</param>
    public static void Write(ICommunicator communicator, Stream? file, GptModel model)
    {
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
        if (file is not null)
        {
            TensorMapping[] mappings = [.. used.Select(tensor => MomentFile.MappingOf(tensor.Moment, tensor.Whole))];
            SafetensorsWriter.WriteHeader(file, mappings, prefix: "", WeightDataType.Float32);
        }

        var piece = new float[PieceLength];
        foreach (var (_, part, _) in used)
            Collect(communicator, part, piece, file);
    }

    /// <summary>Gives each rank its part of the moments of a checkpoint. Collective.</summary>
    /// <param name="directory">The checkpoint's directory on rank 0; not looked at elsewhere.</param>
    /// <param name="shapes">The shapes of this rank's parts.</param>
    public static void Read(
        ICommunicator communicator, string directory, GptModel model, IReadOnlyList<TensorShape> shapes)
    {
        using var file = communicator.Rank == 0
            ? new SafetensorsFile(directory, new DirectorySource(directory).Open(MomentFile.Name))
            : null;
        var names = file?.Entries.Select(entry => entry.Name).ToArray() ?? [];
        names = JsonSerializer.Deserialize<string[]>(communicator.Share(JsonSerializer.SerializeToUtf8Bytes(names)))!;
        var places = names.Select(name => PlaceOf(name, model, shapes)).ToArray();
        using var leases = model.TrainingState.Lease();
        foreach (var tensor in model.TrainingState.Moments.Values.SelectMany(moment => moment.Tensors))
            tensor.Clear();
        var piece = new float[PieceLength];
        for (var i = 0; i < names.Length; i++)
            Distribute(communicator, file is null ? null : Find(file, i, places[i].Whole), places[i].Part, places[i].Whole.Length, piece);
    }

    private static void Collect(ICommunicator communicator, Tensor part, float[] piece, Stream? file)
    {
        var (starts, length) = part.Shape.Runs();
        var lengths = communicator.Gather(length);
        for (var i = 0; i < starts.Length * lengths.Length; i++)
        {
            var (run, rank) = (i / lengths.Length, i % lengths.Length);
            for (nint start = 0; start < (nint)lengths[rank]; start += PieceLength)
            {
                var values = piece.AsSpan(0, (int)Math.Min(PieceLength, (nint)lengths[rank] - start));
                if (rank == communicator.Rank)
                    part.Range((run * length) + start, values.Length).CopyTo(values);
                communicator.Broadcast(MemoryMarshal.AsBytes(values), rank);
                if (file is not null)
                    WeightBytes.Write(file, WeightDataType.Float32, values);
            }
        }
    }

    private static void Distribute(ICommunicator communicator, StoredTensor? stored, Tensor part, nint length, float[] piece)
    {
        var (starts, runLength) = part.Shape.Runs();
        for (nint start = 0; start < length; start += PieceLength)
        {
            var values = piece.AsSpan(0, (int)Math.Min(PieceLength, length - start));
            if (stored is not null)
                WeightBytes.Read(stored.Source, stored.Offset + (start * sizeof(float)), WeightDataType.Float32, values);
            communicator.Broadcast(MemoryMarshal.AsBytes(values), root: 0);
            foreach (var runStart in starts)
            {
                var first = Math.Max(start, runStart);
                var count = Math.Min(start + values.Length, runStart + runLength) - first;
                if (count > 0)
                    values.Slice((int)(first - start), (int)count).CopyTo(part.Range(part.Shape.PlaceOf(first), (int)count));
            }
        }
    }

    private static (Tensor Part, Tensor Whole) PlaceOf(string name, GptModel model, IReadOnlyList<TensorShape> shapes)
    {
        var dot = name.LastIndexOf('.');
        if (dot <= 0 || model.Weights.Find(name[(dot + 1)..]) is not { } whole)
            throw MomentFile.NoPlace(MomentFile.Name, name);
        return (model.TrainingState.GetOrAddMoment(name[..dot], shapes)[whole.Name], whole);
    }

    private static StoredTensor Find(SafetensorsFile file, int index, Tensor whole)
    {
        var (entry, mapping) = (file.Entries[index], MomentFile.MappingOf("", whole));
        return entry.DataType == WeightDataType.Float32 && entry.Shape.SequenceEqual(mapping.Shape)
            ? file.For(entry, mapping)
            : throw MomentFile.NoPlace(MomentFile.Name, entry.Name);
    }
}
