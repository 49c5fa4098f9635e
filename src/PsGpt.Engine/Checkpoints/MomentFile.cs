using System.Runtime.InteropServices;
using PsGpt.Formats;
using PsGpt.Formats.HuggingFace;
using PsGpt.Formats.Weights;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Checkpoints;

/// <summary>
/// What the optimizer remembers, as a safetensors file with names such as <c>adamw.m.qkvw</c>, laid out as the engine's tensors are.
/// A tensor of zeros, which an optimizer has for what it leaves to another or what is frozen, is left out.
/// </summary>
internal static class MomentFile
{
    public const string Name = "optimizer.safetensors";

    private const int PartLength = 1 << 20;

    public static void Write(IFileTarget target, TrainingState state, CancellationToken cancellationToken)
    {
        var mappings =
            from moment in state.Moments
            from tensor in moment.Value.Tensors
            where !IsZero(tensor)
            select MappingOf(moment.Key, tensor);
        target.Write(Name, file => SafetensorsWriter.Write(file, [.. mappings], prefix: "", WeightDataType.Float32, progress: null, cancellationToken));
    }

    /// <summary>Fills the moments of a model in place: an optimizer may have them already.</summary>
    /// <exception cref="GptException"><c>CheckpointMismatch</c>; what is wrong with a safetensors file.</exception>
    public static void Read(string directory, GptModel model, CancellationToken cancellationToken)
    {
        var path = Path.Combine(directory, Name);
        using var file = new SafetensorsFile(path, new DirectorySource(directory).Open(Name));
        var stored = file.Entries.Select(entry => file.For(entry, PlaceOf(entry, model, path))).ToList();
        foreach (var moment in model.TrainingState.Moments.Values)
        {
            foreach (var tensor in moment.Tensors)
                tensor.Clear();
        }

        StoredTensor.ReadAll(stored, progress: null, cancellationToken);
    }

    private static TensorMapping PlaceOf(SafetensorsEntry entry, GptModel model, string path)
    {
        var dot = entry.Name.LastIndexOf('.');
        var moment = dot > 0 ? model.TrainingState.GetOrAddMoment(entry.Name[..dot], model.Parameters.Shapes) : null;
        var place = moment?.Find(entry.Name[(dot + 1)..]) is { } tensor ? MappingOf("", tensor) : null;
        return place is not null && entry.DataType == WeightDataType.Float32 && entry.Shape.SequenceEqual(place.Shape) ? place : throw new GptException(
            "CheckpointMismatch", GptErrorKind.InvalidData, $"'{path}' holds '{entry.Name}', for which the model has no place. Give the model that the run was begun with.");
    }

    /// <summary>All sizes but the last are taken together: they stand one after the other anyway.</summary>
    private static TensorMapping MappingOf(string moment, Tensor tensor)
    {
        var columns = tensor.Sizes[^1];
        return new($"{moment}.{tensor.Name}", checked((int)(tensor.Length / columns)), columns, tensor, Offset: 0, IsVector: tensor.Sizes.Count == 1, IsTransposed: false);
    }

    /// <summary>Bit by bit: a negative zero is none.</summary>
    private static bool IsZero(Tensor tensor)
    {
        for (nint start = 0; start < tensor.Length; start += PartLength)
        {
            var values = tensor.Range(start, (int)Math.Min(PartLength, tensor.Length - start));
            if (MemoryMarshal.Cast<float, int>(values).ContainsAnyExcept(0))
                return false;
        }

        return true;
    }
}
