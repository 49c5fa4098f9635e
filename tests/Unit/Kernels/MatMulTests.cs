using PsGpt.Kernels;
using PsGpt.Kernels.Reference;

namespace PsGpt.Unit.Kernels;

/// <summary>
/// GEMM against the reference, which sums in double precision. A float32 sum of K products of unit normals errs by about
/// √K · 2⁻²⁴ of a typical sum √K, so 4e-7 · √K of the largest is generous by a factor of about 4.
/// </summary>
public sealed unsafe class MatMulTests
{
    private static readonly ReferenceKernels Reference = new();

    // The reference takes most of the time, so each of its results is for all kernels.
    private static readonly string[] Names = [.. KernelNames.All.Where(name => name != "scalar")];

    /// <summary>
    /// Rows, inputs and outputs around the edges of tiles (4, 6, 8, 12 rows; 8, 16, 32 columns) and of K-blocks (384).
    /// </summary>
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 2, 3, 5 }, { 1, 100, 67 }, { 3, 31, 33 }, { 4, 32, 32 }, { 5, 17, 31 }, { 6, 16, 16 }, { 7, 64, 65 },
        { 11, 33, 64 }, { 12, 8, 96 }, { 13, 48, 47 }, { 24, 385, 31 }, { 25, 384, 97 }, { 67, 61, 67 }, { 256, 48, 144 },
        { 31, 800, 13 }, { 129, 67, 40 }, { 1100, 20, 1030 },
    };

    /// <summary>
    /// Sizes for each way to compute a product: unpacked weights in several K-blocks with a last group of few rows, panels packed ahead
    /// over several K-blocks, more K than a section holds, rows with set conflicts, small weights that each thread packs for itself, and
    /// gradients over many rows.
    /// </summary>
    public static TheoryData<int, int, int> Ways => new()
    {
        { 64, 1600, 203 }, { 31, 20, 101 }, { 30, 800, 348 }, { 256, 130, 800 }, { 24, 40, 3300 }, { 62, 1024, 300 },
        { 62, 1024, 61 }, { 50, 1024, 30 }, { 50, 30, 1024 }, { 521, 40, 61 }, { 600, 200, 17 }, { 1541, 13, 70 },
    };

    /// <summary>0 runs through 1 … 67, and the other two are primes that no tile divides.</summary>
    public static TheoryData<int, int, int> Ranges => new() { { 0, 29, 37 }, { 29, 0, 37 }, { 29, 37, 0 } };

    /// <summary>Layers of GPT-2 124M, a few rows of each: N and K matter, more rows repeat the same.</summary>
    public static TheoryData<int, int, int> LayersOfGpt2 => new()
    {
        { 17, 768, 2304 }, { 17, 768, 768 }, { 17, 768, 3072 }, { 17, 3072, 768 }, { 17, 768, 4099 },
    };

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Every_size_from_1_to_67(int rows, int inputs, int outputs)
    {
        for (var size = 1; size <= 67; size++)
        {
            var (m, k, n) = (rows == 0 ? size : rows, inputs == 0 ? size : inputs, outputs == 0 ? size : outputs);
            Forward(m, k, n);
            Input_gradient(m, k, n);
            Weight_gradient(m, k, n);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    [MemberData(nameof(Ways))]
    [MemberData(nameof(LayersOfGpt2))]
    public void Forward(int rows, int inputs, int outputs)
    {
        using Buffer x = new(rows * inputs, 1), w = new(outputs * inputs, 2), b = new(outputs, 3), r = new(rows * outputs, 4);
        using Buffer expected = new(rows * outputs), actual = new(rows * outputs);
        foreach (var (hasBias, hasResidual) in new[] { (false, false), (true, false), (true, true) })
        {
            var (bias, residual) = ((nint)(hasBias ? b.Pointer : null), (nint)(hasResidual ? r.Pointer : null));
            Reference.MatMulForward(
                expected.Pointer, x.Pointer, w.Pointer, (float*)bias, (float*)residual, new(rows, inputs, outputs));
            foreach (var name in Names)
            {
                actual.Span.Fill(float.NaN);
                KernelNames.Get(name).MatMulForward(
                    actual.Pointer, x.Pointer, w.Pointer, (float*)bias, (float*)residual, new(rows, inputs, outputs));
                actual.AssertClose(expected, Tolerance(inputs), $"{name}: output");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    [MemberData(nameof(Ways))]
    public void Forward_with_activation(int rows, int inputs, int outputs)
    {
        using Buffer x = new(rows * inputs, 1), w = new(outputs * inputs, 2, 1 / MathF.Sqrt(inputs)), b = new(outputs, 3);
        using Buffer expectedPre = new(rows * outputs), expected = new(rows * outputs);
        using Buffer pre = new(rows * outputs), actual = new(rows * outputs);
        foreach (var activation in Enum.GetValues<ActivationFunction>())
        {
            Reference.MatMulActivationForward(
                expectedPre.Pointer, expected.Pointer, x.Pointer, w.Pointer, b.Pointer, activation, new(rows, inputs, outputs));
            foreach (var name in Names)
            {
                pre.Span.Fill(float.NaN);
                actual.Span.Fill(float.NaN);
                KernelNames.Get(name).MatMulActivationForward(
                    pre.Pointer, actual.Pointer, x.Pointer, w.Pointer, b.Pointer, activation, new(rows, inputs, outputs));
                pre.AssertClose(expectedPre, Tolerance(inputs), $"{name}: pre-activation");
                actual.AssertClose(expected, Tolerance(inputs), $"{name}: {activation}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    [MemberData(nameof(Ways))]
    [MemberData(nameof(LayersOfGpt2))]
    public void Input_gradient(int rows, int inputs, int outputs)
    {
        using Buffer dy = new(rows * outputs, 1), w = new(outputs * inputs, 2), pre = new(rows * inputs, 3);
        using Buffer expected = new(rows * inputs), actual = new(rows * inputs);
        foreach (var activation in (ActivationFunction?[])[null, .. Enum.GetValues<ActivationFunction>()])
        {
            var input = activation is null ? null : pre.Pointer;
            Reference.MatMulBackwardInput(
                expected.Pointer, dy.Pointer, w.Pointer, input, activation.GetValueOrDefault(), new(rows, inputs, outputs));
            foreach (var name in Names)
            {
                actual.Span.Fill(float.NaN);
                KernelNames.Get(name).MatMulBackwardInput(
                    actual.Pointer, dy.Pointer, w.Pointer, input, activation.GetValueOrDefault(), new(rows, inputs, outputs));
                actual.AssertClose(expected, Tolerance(outputs), $"{name}: input gradient, {activation}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    [MemberData(nameof(Ways))]
    [MemberData(nameof(LayersOfGpt2))]
    public void Weight_gradient(int rows, int inputs, int outputs)
    {
        using Buffer dy = new(rows * outputs, 1), x = new(rows * inputs, 2);
        using Buffer before = new(outputs * inputs, 3), biasBefore = new(outputs, 4);
        foreach (var accumulate in new[] { true, false })
        {
            using Buffer expected = before.Copy(), expectedBias = biasBefore.Copy();
            var expectedSquares = Reference.MatMulBackwardWeight(
                expected.Pointer, expectedBias.Pointer, dy.Pointer, x.Pointer, new(rows, inputs, outputs), accumulate);
            foreach (var name in Names)
            {
                using Buffer actual = before.Copy(), bias = biasBefore.Copy();
                var squares = KernelNames.Get(name).MatMulBackwardWeight(
                    actual.Pointer, bias.Pointer, dy.Pointer, x.Pointer, new(rows, inputs, outputs), accumulate);
                actual.AssertClose(expected, Tolerance(rows), $"{name}: weight gradient");
                bias.AssertClose(expectedBias, Tolerance(rows), $"{name}: bias gradient");
                Assert.Equal(expectedSquares, squares, 1e-5 * expectedSquares);
            }
        }
    }

    /// <summary>
    /// A gradient of more than 1 MB that is aligned to vectors is stored non-temporally; the other tests' buffers are not aligned.
    /// </summary>
    [Theory]
    [ClassData(typeof(KernelNames))]
    public void A_large_weight_gradient(string name)
    {
        Large_weight_gradient(name, inputs: 656, outputs: 403);
        Large_weight_gradient(name, inputs: 400, outputs: 661);
    }

    private static void Large_weight_gradient(string name, int inputs, int outputs)
    {
        const int Rows = 13;
        using Buffer dy = new(Rows * outputs, 1), x = new(Rows * inputs, 2);
        using Buffer expected = new(outputs * inputs, 3), actual = new(outputs * inputs, 4, guard: 64);
        Assert.Equal(0, (nint)actual.Pointer % 64);
        foreach (var accumulate in new[] { false, true })
        {
            var expectedSquares = Reference.MatMulBackwardWeight(
                expected.Pointer, null, dy.Pointer, x.Pointer, new(Rows, inputs, outputs), accumulate);
            var squares = KernelNames.Get(name).MatMulBackwardWeight(
                actual.Pointer, null, dy.Pointer, x.Pointer, new(Rows, inputs, outputs), accumulate);
            actual.AssertClose(expected, Tolerance(Rows), "weight gradient");
            Assert.Equal(expectedSquares, squares, 1e-5 * expectedSquares);
        }
    }

    private static double Tolerance(int terms) => 4e-7 * Math.Sqrt(terms);
}
