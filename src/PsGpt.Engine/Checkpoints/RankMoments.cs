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
/// Moments of which each rank gets a part, from the same file as those of one process. Rank 0 reads it and sends the values tensor by
/// tensor, 4 MB at a time, so that no rank needs room for the parts of others.
/// </summary>
internal static class RankMoments
{
    private const int PieceLength = 1 << 20;

    /// <summary>Gives each rank its part of the moments of a checkpoint. A file that fails on rank 0 fails on all. Collective.</summary>
    /// <param name="files">The checkpoint's files on rank 0; not looked at elsewhere.</param>
    /// <param name="model">A model without moments.</param>
    /// <param name="shapes">The shapes of this rank's parts.</param>
    public static void Read(ICommunicator communicator, IFileSource files, GptModel model, IReadOnlyList<TensorShape> shapes)
    {
        var path = files.Describe(MomentFile.Name);
        using var file = communicator.Together(() => DiskFailure.Reading(
            path, () => communicator.Rank == 0 ? new SafetensorsFile(path, files.Open(MomentFile.Name)) : null));
        var names = file?.Entries.Select(entry => entry.Name).ToArray() ?? [];
        names = JsonSerializer.Deserialize<string[]>(communicator.Share(JsonSerializer.SerializeToUtf8Bytes(names)))!;
        var places = communicator.Together(() => names.Select(name => PlaceOf(name, model, shapes)).ToArray());
        using var leases = model.TrainingState.Lease();
        var piece = new float[PieceLength];
        for (var i = 0; i < names.Length; i++)
        {
            var (part, whole) = places[i];
            var stored = communicator.Together(() => file is null ? null : Find(file, i, whole));
            Distribute(communicator, stored, path, part, whole.Length, piece);
        }
    }

    private static void Distribute(ICommunicator communicator, StoredTensor? stored, string path, Tensor part, nint length, float[] piece)
    {
        var (starts, runLength) = part.Shape.Runs();
        for (nint start = 0; start < length; start += PieceLength)
        {
            var from = start;
            var values = communicator.Together(() => DiskFailure.Reading(
                path, () => Read(stored, from, piece.AsMemory(0, (int)Math.Min(PieceLength, length - from)))));
            communicator.Broadcast(MemoryMarshal.AsBytes(values.Span), root: 0);
            foreach (var runStart in starts)
            {
                var first = Math.Max(start, runStart);
                var count = Math.Min(start + values.Length, runStart + runLength) - first;
                if (count > 0)
                    values.Span.Slice((int)(first - start), (int)count).CopyTo(part.Range(part.Shape.PlaceOf(first), (int)count));
            }
        }
    }

    private static Memory<float> Read(StoredTensor? stored, nint start, Memory<float> values)
    {
        if (stored is not null)
            WeightBytes.Read(stored.Source, stored.Offset + (start * sizeof(float)), WeightDataType.Float32, values.Span);
        return values;
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
