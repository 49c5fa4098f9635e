using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using PsGpt.Tensors;

namespace PsGpt.Formats.Weights;

/// <summary>A tensor in a file, with its place in the engine.</summary>
/// <param name="Mapping">Where its values go.</param>
/// <param name="Source">The file.</param>
/// <param name="Offset">Where it begins in the file, in bytes.</param>
/// <param name="Type">How its values are stored.</param>
internal sealed record StoredTensor(TensorMapping Mapping, ByteSource Source, long Offset, WeightDataType Type)
{
    /// <summary>
    /// Reads tensors with all processors: one alone would take twice as long, since what it reads has to be converted,
    /// transposed and put into memory that was never touched before.
    /// </summary>
    /// <param name="progress">Is told the share that has been read, 0 to 1, by one thread at a time, but not always the same.</param>
    /// <exception cref="EndOfStreamException">A file is too short.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public static void ReadAll(IEnumerable<StoredTensor> tensors, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        StoredTensor[] all = [.. tensors];
        var share = new WeightProgress(progress, all.Sum(tensor => tensor.Mapping.Length));

        // Handed out one by one in the order of the file, as a disk likes best.
        var parts = Partitioner.Create(all.SelectMany(tensor => tensor.Parts()), EnumerablePartitionerOptions.NoBuffering);
        try
        {
            Parallel.ForEach(
                parts, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount },
                part => share.Add(part.Read()));
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }
    }

    private IEnumerable<Part> Parts()
    {
        for (var row = 0; row < Mapping.Rows; row += Mapping.RowsOfPart)
            yield return new(this, row);
    }

    /// <summary>Rows of a tensor that are read at once. It is a class, for which .NET has compiled the partitioner already.</summary>
    private sealed record Part(StoredTensor Tensor, int FirstRow)
    {
        public int Read() => Tensor.Mapping.ReadPart(Tensor.Source, Tensor.Offset, Tensor.Type, FirstRow);
    }
}
