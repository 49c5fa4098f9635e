namespace PsGpt.Tensors;

/// <summary>
/// A family of named tensors, one after the other in one block: the parameters of a model, their gradients, a moment of an
/// optimizer. Sets that are laid out from the same shapes agree element by element.
/// </summary>
public unsafe class TensorSet : IDisposable
{
    private readonly Dictionary<string, Tensor> byName;

    /// <summary>Allocates the tensors, all zero.</summary>
    /// <exception cref="GptException"><c>OutOfMemory</c>.</exception>
    internal TensorSet(IReadOnlyList<TensorShape> shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        Shapes = shapes;
        nint length = 0;
        foreach (var shape in shapes)
            length = checked(length + shape.Length);
        Block = new NativeBlock(length);
        var tensors = new Tensor[shapes.Count];
        nint offset = 0;
        for (var i = 0; i < tensors.Length; i++)
        {
            tensors[i] = new Tensor(shapes[i], Block, offset);
            offset += shapes[i].Length;
        }

        Tensors = tensors;
        byName = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <summary>The shapes, in the order of the block.</summary>
    public IReadOnlyList<TensorShape> Shapes { get; }

    /// <summary>The tensors, in the order of the block.</summary>
    public IReadOnlyList<Tensor> Tensors { get; }

    /// <summary>The memory of all tensors together.</summary>
    internal NativeBlock Block { get; }

    /// <summary>The tensor of that name, or null where the set has none.</summary>
    public Tensor? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="KeyNotFoundException">The set has none of that name.</exception>
    public Tensor this[string name] => byName[name];

    /// <summary>The address of a tensor's layer, or null where the set has no such tensor.</summary>
    internal float* PointerTo(string name, int layer = 0) =>
        Find(name) is { } tensor ? tensor.Pointer + (tensor.Shape.LayerLength * layer) : null;

    /// <summary>Copies all values into a set of the same shapes.</summary>
    internal void CopyTo(TensorSet other)
    {
        for (var i = 0; i < Tensors.Count; i++)
        {
            var length = Tensors[i].Length * sizeof(float);
            Buffer.MemoryCopy(Tensors[i].Pointer, other.Tensors[i].Pointer, length, length);
        }
    }

    /// <summary>Sets all values to 0.</summary>
    internal void Clear()
    {
        foreach (var tensor in Tensors)
            tensor.Clear();
    }

    /// <summary>Keeps the memory until the lease ends, even where the set is disposed meanwhile.</summary>
    /// <exception cref="ObjectDisposedException">The set was disposed.</exception>
    public MemoryLease Lease() => Block.Lease();

    /// <summary>Never frees the memory, not even where the set is disposed: a thread that cannot be ended may still use it.</summary>
    internal void KeepMemory() => Block.KeepForever();

    /// <summary>Frees the memory when its last lease has ended.</summary>
    public void Dispose()
    {
        Block.Dispose();
        GC.SuppressFinalize(this);
    }
}
