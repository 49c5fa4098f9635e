using PsGpt.Kernels.Narrow;
using PsGpt.Kernels.Threading;
using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>Makes copies of models that keep their matrices in fewer bits, to complete and to score texts.</summary>
public static unsafe class NarrowModel
{
    /// <summary>Makes a copy whose matrices are rounded to a data type.</summary>
    /// <param name="model">The model, in float32; it stays as it is.</param>
    /// <param name="dataType"><c>BFloat16</c> or <c>Q8_0</c>; <c>Float32</c> copies.</param>
    /// <param name="cancellationToken">Stops the call within a tensor.</param>
    /// <exception cref="GptException"><c>WeightsNarrow</c>, <c>ModelInUse</c>, <c>OutOfMemory</c>.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public static GptModel Of(GptModel model, WeightDataType dataType, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var copy = model.BeginCopy();
        return new GptModel(model.Configuration, model.Tokenizer, model.Name, dataType, model.OwnEndOfText).FilledBy(narrow =>
        {
            foreach (var (source, target) in model.Weights.Tensors.Zip(narrow.Storage.Tensors))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var columns = source.Sizes[^1];
                ThreadTeam.Shared.For(
                    checked((int)source.Shape.RowCount), ChunkSize.ForFloats(columns),
                    new NarrowTask(source.Pointer, target.Pointer, target.Shape.DataType, columns));
            }
        });
    }

    private readonly struct NarrowTask(float* source, float* target, WeightDataType dataType, int columns) : IParallelTask
    {
        public void Execute(int start, int end)
        {
            for (nint row = start; row < end; row++)
            {
                var values = new ReadOnlySpan<float>(source + (row * columns), columns);
                NarrowValues.Write(dataType, NarrowRow.At(dataType, target, row, columns), columns, 0, values);
            }
        }
    }
}
