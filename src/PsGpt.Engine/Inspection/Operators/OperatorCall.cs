using System.Runtime.InteropServices;
using PsGpt.Kernels;
using PsGpt.Tensors;

namespace PsGpt.Inspection;

/// <summary>One run of an operator: its inputs, checked, and the outputs that it makes.</summary>
internal sealed unsafe class OperatorCall
{
    private readonly string operatorName;
    private readonly OperatorArgument[] known;
    private readonly IReadOnlyDictionary<string, GptTensor> inputs;
    private readonly Dictionary<string, float[]> values = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<int[]> pinnedIds = [];
    private readonly List<GptTensor> outputs = [];
    private readonly List<(string Name, int[] Sizes)> pending = [];

    /// <summary>Checks the names of the inputs.</summary>
    /// <exception cref="GptException"><c>OperatorInputInvalid</c>.</exception>
    public OperatorCall(string name, IEnumerable<OperatorArgument> known, IReadOnlyDictionary<string, GptTensor> inputs, IKernels kernels)
    {
        (operatorName, this.known, this.inputs, Kernels) = (name, [.. known], inputs, kernels);
        foreach (var given in inputs.Keys)
        {
            if (!this.known.Any(argument => argument.Name.Equals(given, StringComparison.OrdinalIgnoreCase)))
                throw Invalid($"it has no input '{given}'");
        }

        foreach (var argument in this.known)
        {
            if (argument.Default is null && !argument.IsOptional && Find(argument.Name) is null)
                throw Invalid($"its input '{argument.Name}' {argument.Shape} is missing");
        }
    }

    /// <summary>The kernels that run.</summary>
    public IKernels Kernels { get; }

    /// <summary>The finished outputs.</summary>
    public IReadOnlyList<GptTensor> Outputs
    {
        get
        {
            foreach (var (name, sizes) in pending)
                outputs.Add(new GptTensor(name, sizes, values[name]));
            pending.Clear();
            return outputs;
        }
    }

    /// <summary>Whether an input is given.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>A number that steers the operator.</summary>
    /// <exception cref="GptException"><c>OperatorInputInvalid</c>.</exception>
    public float Number(string name)
    {
        if (Find(name) is not { } tensor)
            return known.First(argument => argument.Name == name).Default!.Value;
        return tensor.Length == 1
            ? tensor.ToArray()[0]
            : throw Invalid($"'{name}' must be one number, not a tensor of {tensor.Shape}");
    }

    /// <summary>A whole number of at least <paramref name="minimum"/>.</summary>
    /// <exception cref="GptException"><c>OperatorInputInvalid</c>.</exception>
    public int Count(string name, int minimum = 1)
    {
        var value = Number(name);
        return value >= minimum && value == MathF.Floor(value) && value < int.MaxValue
            ? (int)value
            : throw Invalid($"'{name}' is {value}, not a whole number of at least {minimum}");
    }

    /// <summary>The sizes of an input, with axes of size 1 put before them up to a number of axes.</summary>
    /// <exception cref="GptException"><c>OperatorInputInvalid</c>: it has more axes.</exception>
    public int[] Sizes(string name, int axisCount)
    {
        var sizes = Get(name).Shape;
        if (sizes.Contains(0))
            throw Invalid($"'{name}' of {sizes} holds no values");
        return sizes.Count <= axisCount
            ? [.. Enumerable.Repeat(1, axisCount - sizes.Count), .. sizes]
            : throw Invalid($"'{name}' of {sizes} has {sizes.Count} axes, not {axisCount}");
    }

    /// <summary>The sizes of an input.</summary>
    public int[] Shape(string name) => Sizes(name, Get(name).Shape.Count);

    /// <summary>The number of values of an input.</summary>
    public int Length(string name) => checked((int)Get(name).Length);

    /// <summary>The values of an input of a known shape, pinned on the managed heap for the rest of the call.</summary>
    /// <exception cref="GptException"><c>OperatorInputInvalid</c>: it has another shape.</exception>
    public float* Input(string name, params int[] sizes)
    {
        var actual = Sizes(name, sizes.Length);
        if (!actual.SequenceEqual(sizes))
            throw Invalid(
                $"'{name}' is {new TensorSizes(actual)}, but the other inputs make it {new TensorSizes(sizes)}");
        return Pin(name, Get(name).ToArray());
    }

    /// <summary>As <see cref="Input"/>; null where it is not given.</summary>
    /// <exception cref="GptException"><c>OperatorInputInvalid</c>.</exception>
    public float* OptionalInput(string name, params int[] sizes) => Has(name) ? Input(name, sizes) : null;

    /// <summary>An output of the same name as an input, which it starts from; zeros where the input is not given.</summary>
    /// <exception cref="GptException"><c>OperatorInputInvalid</c>.</exception>
    public float* Updated(string name, params int[] sizes)
    {
        if (!Has(name))
            return Output(name, sizes);
        pending.Add((name, sizes));
        return Input(name, sizes);
    }

    /// <summary>Whole numbers of an input, each within 0 … <paramref name="limit"/> − 1.</summary>
    /// <exception cref="GptException"><c>OperatorInputInvalid</c>.</exception>
    public int* Ids(string name, int count, int limit)
    {
        var tensor = Get(name);
        if (tensor.Length != count)
            throw Invalid($"'{name}' has {tensor.Length} values, not {count}");
        var ids = GC.AllocateArray<int>(count, pinned: true);
        var given = tensor.ToArray();
        for (var i = 0; i < count; i++)
        {
            if (given[i] < 0 || given[i] >= limit || given[i] != MathF.Floor(given[i]))
                throw Invalid($"'{name}' holds {given[i]}, which is no whole number from 0 to {limit - 1}");
            ids[i] = (int)given[i];
        }

        pinnedIds.Add(ids);
        return (int*)Marshal.UnsafeAddrOfPinnedArrayElement(ids, 0);
    }

    /// <summary>Room for an output, all 0.</summary>
    public float* Output(string name, params int[] sizes)
    {
        pending.Add((name, sizes));
        return Pin(name, new float[checked((int)new TensorSizes(sizes).Product)]);
    }

    /// <summary>An output that an earlier part of the call made.</summary>
    public float* Made(string name) => (float*)Marshal.UnsafeAddrOfPinnedArrayElement(values[name], 0);

    /// <summary>An error about the inputs, with a list of those that there are.</summary>
    public GptException Invalid(string problem) =>
        new("OperatorInputInvalid", GptErrorKind.InvalidArgument,
        $"The operator '{operatorName}' cannot run: {problem}. Its inputs are {string.Join(", ", known)}.");

    private GptTensor? Find(string name) =>
        inputs.FirstOrDefault(input => input.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    private GptTensor Get(string name) => Find(name)!;

    private float* Pin(string name, float[] source)
    {
        var pinned = GC.AllocateArray<float>(source.Length, pinned: true);
        source.CopyTo(pinned, 0);
        values[name] = pinned;
        return Made(name);
    }
}
