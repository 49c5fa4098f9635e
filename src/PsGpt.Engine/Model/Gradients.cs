using PsGpt.Kernels;
using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>
/// The gradients of a model's parameters, with the squared norms of those that were squared when they were made. The norm of all
/// gradients then need not read them from memory once more.
/// </summary>
public sealed unsafe class Gradients : TensorSet
{
    // For each tensor and layer; NaN for a gradient that has not been squared.
    private readonly Dictionary<string, double[]> squaredNorms;

    internal Gradients(GptConfiguration configuration)
        : base(configuration.GetParameterShapes())
    {
        squaredNorms = Shapes.ToDictionary(shape => shape.Name, shape => new double[shape.LayerCount], StringComparer.Ordinal);
        ForgetSquaredNorms();
        Pointers = new GptParameters(this, configuration);
    }

    internal GptParameters Pointers { get; }

    /// <summary>The sum of squares of some layers of a tensor: the kept one, or else one that is computed from memory.</summary>
    internal double SquaredNorm(ParameterPart part, IKernels kernels)
    {
        var sum = 0.0;
        foreach (var squaredNorm in squaredNorms[part.Shape.Name].AsSpan(part.FirstLayer, part.LayerCount))
            sum += squaredNorm;
        return double.IsNaN(sum) ? kernels.SumOfSquares(part.PointerIn(this), part.Length) : sum;
    }

    /// <summary>Keeps the squared norm of a tensor's layer.</summary>
    internal void SetSquaredNorm(string name, int layer, double value) => squaredNorms[name][layer] = value;

    /// <summary>Keeps the growth of a squared norm. If gradients cancel each other, rounding may leave slightly less than 0.</summary>
    internal void AddToSquaredNorm(string name, double growth) => squaredNorms[name][0] = Math.Max(0, squaredNorms[name][0] + growth);

    /// <summary>Adds other gradients; their squared norms are then unknown.</summary>
    internal void Add(Gradients other, IKernels kernels)
    {
        for (var i = 0; i < Tensors.Count; i++)
            kernels.Add(Tensors[i].Pointer, other.Tensors[i].Pointer, Tensors[i].Length);
        ForgetSquaredNorms();
    }

    /// <summary>Marks the gradients as changed: their squared norms are then read from memory.</summary>
    internal void ForgetSquaredNorms()
    {
        foreach (var layers in squaredNorms.Values)
            Array.Fill(layers, double.NaN);
    }
}
