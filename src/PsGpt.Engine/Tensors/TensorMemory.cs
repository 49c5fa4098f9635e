namespace PsGpt.Tensors;

/// <summary>The memory behind a tensor that users hold: values are copied in and out, so no pointer outlives its owner.</summary>
internal abstract class TensorMemory
{
    /// <summary>Copies values from a place on.</summary>
    /// <exception cref="GptException"><c>ObjectDisposed</c>: the owner of the memory was freed.</exception>
    public abstract void Read(nint start, Span<float> values);

    /// <summary>Overwrites values from a place on.</summary>
    /// <exception cref="GptException"><c>ObjectDisposed</c>: the owner of the memory was freed.</exception>
    public abstract void Write(nint start, ReadOnlySpan<float> values);

    /// <summary>Memory of its own on the managed heap.</summary>
    public sealed class Managed(float[] array) : TensorMemory
    {
        public override void Read(nint start, Span<float> values) => array.AsSpan((int)start, values.Length).CopyTo(values);

        public override void Write(nint start, ReadOnlySpan<float> values) => values.CopyTo(array.AsSpan((int)start));
    }

    /// <summary>The memory of a model, of its gradients or of its moments.</summary>
    /// <param name="tensor">The memory.</param>
    /// <param name="beginRead">Begins a use that may not meet an update.</param>
    /// <param name="beginUpdate">Begins a change that may not meet a reader.</param>
    public sealed class Native(Tensor tensor, Func<IDisposable> beginRead, Func<IDisposable> beginUpdate) : TensorMemory
    {
        public override void Read(nint start, Span<float> values)
        {
            using var section = beginRead();
            tensor.Range(start, values.Length).CopyTo(values);
        }

        public override void Write(nint start, ReadOnlySpan<float> values)
        {
            using var section = beginUpdate();
            values.CopyTo(tensor.Range(start, values.Length));
        }
    }
}
