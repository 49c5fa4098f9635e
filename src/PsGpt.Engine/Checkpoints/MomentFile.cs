using System.Runtime.InteropServices;
using PsGpt.Formats;
using PsGpt.Formats.HuggingFace;
using PsGpt.Formats.Weights;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Checkpoints;

/// <summary>
/// The optimizer's moments as a safetensors file with names such as <c>adamw.m.qkvw</c>, laid out as the engine's tensors are. A tensor
/// of zeros is left out: it belongs to frozen layers, or to parameters that another optimizer updates.
/// </summary>
internal sealed class MomentFile : IDisposable
{
    public const string Name = "optimizer.safetensors";

    private const int PartLength = 1 << 20;

    private readonly SafetensorsFile file;
    private readonly List<StoredTensor> stored;

    /// <summary>Opens the file of a checkpoint, and gives a new model the moments that the file has a tensor of.</summary>
    /// <exception cref="GptException"><c>CheckpointMismatch</c>, and the errors of safetensors files.</exception>
    public MomentFile(IFileSource files, GptModel model)
    {
        var path = files.Describe(Name);
        file = new SafetensorsFile(path, files.Open(Name));
        try
        {
            stored = [.. file.Entries.Select(entry => file.For(entry, PlaceOf(entry, model, path)))];
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes the moments of a training state.</summary>
    /// <exception cref="ObjectDisposedException">The state was disposed: without its moments the file would be of no use.</exception>
    public static void Write(IFileTarget target, TrainingState state, CancellationToken cancellationToken)
    {
        using var leases = state.Lease();
        var mappings =
            from moment in state.Moments
            from tensor in moment.Value.Tensors
            where !IsZero(tensor)
            select MappingOf(moment.Key, tensor);
        target.Write(Name, file =>
            SafetensorsWriter.Write(file, [.. mappings], prefix: "", WeightDataType.Float32, progress: null, cancellationToken));
    }

    /// <summary>Reads the file's header.</summary>
    /// <exception cref="GptException">The errors of safetensors files.</exception>
    public static void RequireReadable(IFileSource files) => new SafetensorsFile(files.Describe(Name), files.Open(Name)).Dispose();

    /// <summary>Reads the moments into the model, which has them from the constructor.</summary>
    public void Read(CancellationToken cancellationToken) => StoredTensor.ReadAll(stored, progress: null, cancellationToken);

    public void Dispose() => file.Dispose();

    private static TensorMapping PlaceOf(SafetensorsEntry entry, GptModel model, string path)
    {
        var dot = entry.Name.LastIndexOf('.');
        var moment = dot > 0 ? model.TrainingState.GetOrAddMoment(entry.Name[..dot], model.Weights.Shapes) : null;
        var place = moment?.Find(entry.Name[(dot + 1)..]) is { } tensor ? MappingOf("", tensor) : null;
        if (place is not null && entry.DataType == WeightDataType.Float32 && entry.Shape.SequenceEqual(place.Shape))
            return place;
        throw NoPlace(path, entry.Name);
    }

    internal static GptException NoPlace(string path, string name) => new("CheckpointMismatch", GptErrorKind.InvalidData,
        $"'{path}' holds '{name}', which has no place in the model. Give the model that the run began with.");

    /// <summary>The tensor as a matrix whose rows are its last dimension.</summary>
    internal static TensorMapping MappingOf(string moment, Tensor tensor)
    {
        var columns = tensor.Sizes[^1];
        var rows = checked((int)(tensor.Length / columns));
        return new($"{moment}.{tensor.Name}", rows, columns, tensor, Offset: 0, IsVector: tensor.Sizes.Count == 1, IsTransposed: false);
    }

    /// <summary>Compares bits: a negative zero does not count as zero.</summary>
    internal static bool IsZero(Tensor tensor)
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
