using PsGpt.Tensors;

namespace PsGpt.Unit.Model;

/// <summary>Where one tensor of a reference stands in the engine's stacked tensors.</summary>
/// <param name="Tensor">The engine's tensor.</param>
/// <param name="Layer">The layer, or −1 for a tensor that is not stacked.</param>
/// <param name="Start">The first value within the layer.</param>
/// <param name="Length">The number of values.</param>
/// <param name="TransposedRows">The engine's rows where the reference has them as columns, otherwise 0.</param>
internal sealed record Slot(Tensor Tensor, int Layer, int Start, int Length, int TransposedRows = 0)
{
    private Span<float> Values => (Layer < 0 ? Tensor.Span : Tensor.Slice(Layer)).Slice(Start, Length);

    public void Write(ReadOnlySpan<float> source)
    {
        Assert.Equal(Length, source.Length);
        var target = Values;
        for (var i = 0; i < Length; i++)
            target[EngineIndex(i)] = source[i];
    }

    public float[] Read()
    {
        var result = new float[Length];
        for (var i = 0; i < Length; i++)
            result[i] = Values[EngineIndex(i)];
        return result;
    }

    private int EngineIndex(int referenceIndex)
    {
        if (TransposedRows == 0)
            return referenceIndex;
        var columns = Length / TransposedRows;
        var (column, row) = Math.DivRem(referenceIndex, TransposedRows);
        return (row * columns) + column;
    }
}
