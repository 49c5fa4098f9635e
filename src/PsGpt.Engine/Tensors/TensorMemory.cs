namespace PsGpt.Tensors;

/// <summary>The memory behind a tensor that users hold: values are copied in and out, so no pointer outlives its owner.</summary>
internal abstract class TensorMemory
{
    /// <summary>Copies values from a place on.</summary>
    /// <param name="start">The place of the first value.</param>
    /// <param name="stride">The distance of neighbours.</param>
    /// <param name="values">The copy.</param>
    /// <exception cref="ObjectDisposedException">The owner of the memory was freed.</exception>
    public abstract void Read(nint start, nint stride, Span<float> values);

    /// <summary>Overwrites values from a place on.</summary>
    /// <param name="start">The place of the first value.</param>
    /// <param name="stride">The distance of neighbours.</param>
    /// <param name="values">The new values.</param>
    /// <exception cref="ObjectDisposedException">The owner of the memory was freed.</exception>
    public abstract void Write(nint start, nint stride, ReadOnlySpan<float> values);

    private static void CopyFrom(ReadOnlySpan<float> memory, nint stride, Span<float> values)
    {
        if (stride == 1)
        {
            memory[..values.Length].CopyTo(values);
            return;
        }

        for (var i = 0; i < values.Length; i++)
            values[i] = memory[checked((int)(i * stride))];
    }

    private static void CopyTo(ReadOnlySpan<float> values, Span<float> memory, nint stride)
    {
        if (stride == 1)
        {
            values.CopyTo(memory);
            return;
        }

        for (var i = 0; i < values.Length; i++)
            memory[checked((int)(i * stride))] = values[i];
    }

    private static int LengthOf(int count, nint stride) => count == 0 ? 0 : checked((int)(((count - 1) * stride) + 1));

    /// <summary>Memory of its own on the managed heap.</summary>
    public sealed class Managed(float[] array) : TensorMemory
    {
        public override void Read(nint start, nint stride, Span<float> values) =>
            CopyFrom(array.AsSpan((int)start), stride, values);

        public override void Write(nint start, nint stride, ReadOnlySpan<float> values) =>
            CopyTo(values, array.AsSpan((int)start), stride);
    }

    /// <summary>The memory of a model, of its gradients or of its moments.</summary>
    /// <param name="tensor">The memory.</param>
    /// <param name="beginRead">Begins a use that may not meet an update.</param>
    /// <param name="beginUpdate">Begins a change that may not meet a reader.</param>
    public sealed class Native(Tensor tensor, Func<IDisposable> beginRead, Func<IDisposable> beginUpdate) : TensorMemory
    {
        public override void Read(nint start, nint stride, Span<float> values)
        {
            using var section = beginRead();
            CopyFrom(tensor.Range(start, LengthOf(values.Length, stride)), stride, values);
        }

        public override void Write(nint start, nint stride, ReadOnlySpan<float> values)
        {
            using var section = beginUpdate();
            CopyTo(values, tensor.Range(start, LengthOf(values.Length, stride)), stride);
        }
    }
}
