using PsGpt.Kernels;
using PsGpt.Kernels.Reference;
using PsGpt.Kernels.Threading;

namespace PsGpt.Unit.Kernels;

/// <summary>Forward products of so many rows of input that each thread has rows of its own.</summary>
public sealed unsafe class MatMulRowsTests
{
    [Theory]
    [ClassData(typeof(KernelNames))]
    public void A_deep_product_is_that_of_the_reference(string name)
    {
        const int Rows = 390, Inputs = 790, Outputs = 410;
        using Buffer x = new(Rows * Inputs, 1), w = new(Outputs * Inputs, 2), b = new(Outputs, 3), r = new(Rows * Outputs, 4);
        using Buffer expected = new(Rows * Outputs), actual = new(Rows * Outputs);
        new ReferenceKernels().MatMulForward(
            expected.Pointer, x.Pointer, w.Pointer, b.Pointer, r.Pointer, new(Rows, Inputs, Outputs));
        KernelNames.Get(name).MatMulForward(actual.Pointer, x.Pointer, w.Pointer, b.Pointer, r.Pointer, new(Rows, Inputs, Outputs));
        actual.AssertClose(expected, 4e-7 * Math.Sqrt(Inputs), "output");
    }

    /// <summary>With two or more threads each has rows of the input of its own; 7 of them share the groups of weights, too.</summary>
    [Theory]
    [ClassData(typeof(KernelNames))]
    public void Rows_of_each_thread_have_the_bits_of_one_thread(string name)
    {
        foreach (var (rows, inputs, outputs) in new[] { (390, 60, 420), (400, 800, 450) })
        {
            using Buffer x = new(rows * inputs, 1), w = new(outputs * inputs, 2), b = new(outputs, 3), r = new(rows * outputs, 4);
            using Buffer expected = new(rows * outputs), actual = new(rows * outputs);
            foreach (var threads in new[] { 1, 2, 3, 7 })
            {
                var kernels = KernelCatalog.GetAvailable(new ThreadTeam(threads)).Single(kernels => kernels.Name == name);
                (threads == 1 ? expected : actual).Span.Fill(float.NaN);
                kernels.MatMulForward(
                    (threads == 1 ? expected : actual).Pointer, x.Pointer, w.Pointer, b.Pointer, r.Pointer, new(rows, inputs, outputs));
                Assert.DoesNotContain(float.NaN, expected.Span.ToArray());
                if (threads > 1)
                    Assert.Equal(expected.Span.ToArray(), actual.Span.ToArray());
            }
        }
    }

    /// <summary>A pass without a backward pass keeps one tensor for the values before and after the activation.</summary>
    [Theory]
    [ClassData(typeof(KernelNames))]
    public void An_activation_in_place_has_the_same_bits(string name)
    {
        foreach (var (rows, inputs, outputs) in new[] { (1, 67, 45), (5, 64, 37), (61, 130, 130), (61, 1024, 270), (400, 33, 125) })
        {
            using Buffer x = new(rows * inputs, 1), w = new(outputs * inputs, 2, 1 / MathF.Sqrt(inputs)), b = new(outputs, 3);
            using Buffer before = new(rows * outputs), after = new(rows * outputs), inPlace = new(rows * outputs);
            var kernels = KernelNames.Get(name);
            kernels.MatMulActivationForward(
                before.Pointer, after.Pointer, x.Pointer, w.Pointer, b.Pointer, ActivationFunction.GeluTanh, new(rows, inputs, outputs));
            kernels.MatMulActivationForward(
                inPlace.Pointer, inPlace.Pointer, x.Pointer, w.Pointer, b.Pointer, ActivationFunction.GeluTanh, new(rows, inputs, outputs));
            Assert.Equal(after.Span.ToArray(), inPlace.Span.ToArray());
            Assert.NotEqual(before.Span.ToArray(), after.Span.ToArray());
        }
    }
}
