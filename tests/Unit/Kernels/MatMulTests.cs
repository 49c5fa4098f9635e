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

    /// <summary>
    /// Rows, inputs and outputs around the edges of tiles (4, 6, 8, 12 rows; 8, 16, 32 columns) and of K-blocks (384).
    /// </summary>
    public static TheoryData<string, int, int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<string, int, int, int>();
            foreach (var name in KernelNames.All.Where(name => name != "scalar"))
            {
                (int M, int K, int N)[] sizes =
                [
                    (1, 1, 1), (2, 3, 5), (1, 100, 67), (3, 31, 33), (4, 32, 32), (5, 17, 31), (6, 16, 16), (7, 64, 65),
                    (11, 33, 64), (12, 8, 96), (13, 48, 47), (24, 385, 31), (25, 384, 97), (67, 61, 67), (256, 48, 144),
                    (31, 800, 13), (129, 67, 40), (1100, 20, 1030),
                ];
                foreach (var (m, k, n) in sizes)
                    shapes.Add(name, m, k, n);
            }

            return shapes;
        }
    }

    /// <summary>
    /// Sizes for each way to compute a product: unpacked weights in several K-blocks with a last group of few rows, panels packed ahead
    /// over several K-blocks, more K than a section holds, rows with set conflicts, small weights that each thread packs for itself, and
    /// gradients over many rows.
    /// </summary>
    public static TheoryData<string, int, int, int> Ways
    {
        get
        {
            var ways = new TheoryData<string, int, int, int>();
            foreach (var name in KernelNames.All.Where(name => name != "scalar"))
            {
                (int M, int K, int N)[] sizes =
                [
                    (64, 1600, 203), (31, 20, 101), (30, 800, 348), (256, 130, 800), (24, 40, 3300), (62, 1024, 300),
                    (62, 1024, 61), (50, 1024, 30), (50, 30, 1024), (521, 40, 61), (600, 200, 17), (1541, 13, 70),
                ];
                foreach (var (m, k, n) in sizes)
                    ways.Add(name, m, k, n);
            }

            return ways;
        }
    }

    public static TheoryData<string, int, int, int> Ranges
    {
        get
        {
            var ranges = new TheoryData<string, int, int, int>();
            foreach (var name in KernelNames.All.Where(name => name != "scalar"))
            {
                // 0 runs through 1 … 67, and the other two are primes that no tile divides.
                ranges.Add(name, 0, 29, 37);
                ranges.Add(name, 29, 0, 37);
                ranges.Add(name, 29, 37, 0);
            }

            return ranges;
        }
    }

    /// <summary>Layers of GPT-2 124M, a few rows of each: N and K matter, more rows repeat the same.</summary>
    public static TheoryData<string, int, int, int> LayersOfGpt2
    {
        get
        {
            var layers = new TheoryData<string, int, int, int>();
            foreach (var name in KernelNames.All.Where(name => name != "scalar"))
            {
                foreach (var (k, n) in new[] { (768, 2304), (768, 768), (768, 3072), (3072, 768), (768, 4099) })
                    layers.Add(name, 17, k, n);
            }

            return layers;
        }
    }

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Every_size_from_1_to_67(string name, int rows, int inputs, int outputs)
    {
        for (var size = 1; size <= 67; size++)
        {
            var (m, k, n) = (rows == 0 ? size : rows, inputs == 0 ? size : inputs, outputs == 0 ? size : outputs);
            Forward(name, m, k, n);
            Input_gradient(name, m, k, n);
            Weight_gradient(name, m, k, n);
        }
    }

    [Theory]
    [MemberData(nameof(LayersOfGpt2))]
    public void Layers_of_gpt2(string name, int rows, int inputs, int outputs)
    {
        Forward(name, rows, inputs, outputs);
        Input_gradient(name, rows, inputs, outputs);
        Weight_gradient(name, rows, inputs, outputs);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    [MemberData(nameof(Ways))]
    public void Forward(string name, int rows, int inputs, int outputs)
    {
        using Buffer x = new(rows * inputs, 1), w = new(outputs * inputs, 2), b = new(outputs, 3), r = new(rows * outputs, 4);
        using Buffer expected = new(rows * outputs), actual = new(rows * outputs);
        foreach (var (bias, residual) in new[] { (false, false), (true, false), (true, true) })
        {
            Reference.MatMulForward(
                expected.Pointer, x.Pointer, w.Pointer, bias ? b.Pointer : null, residual ? r.Pointer : null, new(rows, inputs, outputs));
            KernelNames.Get(name).MatMulForward(
                actual.Pointer, x.Pointer, w.Pointer, bias ? b.Pointer : null, residual ? r.Pointer : null, new(rows, inputs, outputs));
            actual.AssertClose(expected, Tolerance(inputs), "output");
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    [MemberData(nameof(Ways))]
    public void Forward_with_activation(string name, int rows, int inputs, int outputs)
    {
        using Buffer x = new(rows * inputs, 1), w = new(outputs * inputs, 2, 1 / MathF.Sqrt(inputs)), b = new(outputs, 3);
        using Buffer expectedPre = new(rows * outputs), expected = new(rows * outputs);
        using Buffer pre = new(rows * outputs), actual = new(rows * outputs);
        foreach (var activation in Enum.GetValues<ActivationFunction>())
        {
            Reference.MatMulActivationForward(
                expectedPre.Pointer, expected.Pointer, x.Pointer, w.Pointer, b.Pointer, activation, new(rows, inputs, outputs));
            KernelNames.Get(name).MatMulActivationForward(
                pre.Pointer, actual.Pointer, x.Pointer, w.Pointer, b.Pointer, activation, new(rows, inputs, outputs));
            pre.AssertClose(expectedPre, Tolerance(inputs), "pre-activation");
            actual.AssertClose(expected, Tolerance(inputs), activation.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    [MemberData(nameof(Ways))]
    public void Input_gradient(string name, int rows, int inputs, int outputs)
    {
        using Buffer dy = new(rows * outputs, 1), w = new(outputs * inputs, 2), pre = new(rows * inputs, 3);
        using Buffer expected = new(rows * inputs), actual = new(rows * inputs);
        Reference.MatMulBackwardInput(expected.Pointer, dy.Pointer, w.Pointer, null, default, new(rows, inputs, outputs));
        KernelNames.Get(name).MatMulBackwardInput(actual.Pointer, dy.Pointer, w.Pointer, null, default, new(rows, inputs, outputs));
        actual.AssertClose(expected, Tolerance(outputs), "input gradient");
        foreach (var activation in Enum.GetValues<ActivationFunction>())
        {
            Reference.MatMulBackwardInput(expected.Pointer, dy.Pointer, w.Pointer, pre.Pointer, activation, new(rows, inputs, outputs));
            KernelNames.Get(name).MatMulBackwardInput(
                actual.Pointer, dy.Pointer, w.Pointer, pre.Pointer, activation, new(rows, inputs, outputs));
            actual.AssertClose(expected, Tolerance(outputs), activation.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    [MemberData(nameof(Ways))]
    public void Weight_gradient(string name, int rows, int inputs, int outputs)
    {
        using Buffer dy = new(rows * outputs, 1), x = new(rows * inputs, 2);
        using Buffer expected = new(outputs * inputs, 3), expectedBias = new(outputs, 4);
        using Buffer actual = expected.Copy(), bias = expectedBias.Copy();
        foreach (var accumulate in new[] { true, false })
        {
            var expectedSquares = Reference.MatMulBackwardWeight(
                expected.Pointer, expectedBias.Pointer, dy.Pointer, x.Pointer, new(rows, inputs, outputs), accumulate);
            var squares = KernelNames.Get(name).MatMulBackwardWeight(
                actual.Pointer, bias.Pointer, dy.Pointer, x.Pointer, new(rows, inputs, outputs), accumulate);
            actual.AssertClose(expected, Tolerance(rows), "weight gradient");
            bias.AssertClose(expectedBias, Tolerance(rows), "bias gradient");
            Assert.Equal(expectedSquares, squares, 1e-5 * expectedSquares);
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
