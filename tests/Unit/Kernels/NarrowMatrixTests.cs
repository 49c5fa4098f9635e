using PsGpt.Kernels;
using PsGpt.Kernels.Narrow;
using PsGpt.Kernels.Threading;
using PsGpt.Tensors;

namespace PsGpt.Unit.Kernels;

/// <summary>Matrices in narrow weights against their formulas in float64.</summary>
public sealed unsafe class NarrowMatrixTests
{
    // One row and a few take other ways than many; 33, 70 and 100 columns end within a block.
    private static readonly (int Rows, int Inputs, int Outputs)[] Sizes =
        [(1, 64, 40), (1, 33, 5), (1, 130, 57), (3, 70, 7), (8, 96, 33), (9, 32, 3), (21, 100, 50), (64, 160, 65), (66, 70, 50)];

    public static TheoryData<string, WeightDataType> All => OfBothTypes(KernelNames.All);

    public static TheoryData<string, WeightDataType> InVectors => OfBothTypes(KernelNames.All.Where(name => name != "scalar"));

    [Theory]
    [MemberData(nameof(All))]
    public void A_product_is_that_of_its_formula(string name, WeightDataType type)
    {
        foreach (var (rows, inputs, outputs) in Sizes)
        {
            using var weight = new Matrix(type, outputs, inputs);
            using Buffer input = new(rows * inputs, 2), bias = new(outputs, 3), residual = new(rows * outputs, 4);
            using var output = new Buffer(rows * outputs);
            KernelNames.Get(name).For(type).MatMulForward(
                output.Pointer, input.Pointer, weight.Pointer, bias.Pointer, residual.Pointer, new(rows, inputs, outputs));
            using var expected = new Buffer(rows * outputs);
            for (var m = 0; m < rows; m++)
            {
                for (var n = 0; n < outputs; n++)
                {
                    var sum = Dot(type == WeightDataType.Q8_0 && rows <= 64, input.Span.Slice(m * inputs, inputs), weight, n);
                    expected.Span[(m * outputs) + n] = (float)(sum + bias.Span[n] + residual.Span[(m * outputs) + n]);
                }
            }

            output.AssertClose(expected, 2e-6, $"{type} {rows}x{inputs}x{outputs}");
        }
    }

    /// <summary>8.8 million values: more than are widened at once.</summary>
    [Theory]
    [MemberData(nameof(InVectors))]
    public void A_large_matrix_is_widened_in_parts(string name, WeightDataType type)
    {
        const int Rows = 66, Inputs = 2100, Outputs = 4200;
        using var weight = new Matrix(type, Outputs, Inputs);
        using Buffer input = new(Rows * Inputs, 2), bias = new(Outputs, 3), residual = new(Rows * Outputs, 4);
        using var output = new Buffer(Rows * Outputs);
        KernelNames.Get(name).For(type).MatMulForward(
            output.Pointer, input.Pointer, weight.Pointer, bias.Pointer, residual.Pointer, new(Rows, Inputs, Outputs));
        for (var m = 0; m < Rows; m += 13)
        {
            for (var n = m; n < Outputs; n += 97)
            {
                var sum = Dot(roundsInput: false, input.Span.Slice(m * Inputs, Inputs), weight, n);
                Assert.Equal(sum + bias.Span[n] + residual.Span[(m * Outputs) + n], output.Span[(m * Outputs) + n], 1e-3);
            }
        }

        output.AssertGuards();
    }

    [Theory]
    [MemberData(nameof(All))]
    public void An_activation_follows_the_product(string name, WeightDataType type)
    {
        const int Rows = 5, Inputs = 64, Outputs = 37;
        using var weight = new Matrix(type, Outputs, Inputs);
        using Buffer input = new(Rows * Inputs, 2), bias = new(Outputs, 3), before = new(Rows * Outputs), after = new(Rows * Outputs);
        KernelNames.Get(name).For(type).MatMulActivationForward(
            before.Pointer, after.Pointer, input.Pointer, weight.Pointer, bias.Pointer, ActivationFunction.Relu,
            new(Rows, Inputs, Outputs));
        for (var i = 0; i < before.Length; i++)
            Assert.Equal(MathF.Max(0, before.Span[i]), after.Span[i]);
        after.AssertGuards();
        Assert.Contains(before.Span.ToArray(), value => value < 0);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_row_has_the_bits_that_it_has_alone_with_any_number_of_threads(string name, WeightDataType type)
    {
        // In 8 bits also among more rows: a short prompt takes the same dot products as a token.
        var rows = type == WeightDataType.Q8_0 ? 30 : IKernels.IndependentRowCount;
        const int Inputs = 640, Outputs = 130;
        using var weight = new Matrix(type, Outputs, Inputs);
        using Buffer input = new(rows * Inputs, 2), together = new(rows * Outputs), alone = new(rows * Outputs);
        KernelNames.Get(name).For(type).MatMulForward(
            together.Pointer, input.Pointer, weight.Pointer, bias: null, residual: null, new(rows, Inputs, Outputs));
        var one = KernelCatalog.GetAvailable(new ThreadTeam(1)).Single(kernels => kernels.Name == name).For(type);
        for (var row = 0; row < rows; row++)
        {
            one.MatMulForward(
                alone.Pointer + (row * Outputs), input.Pointer + (row * Inputs), weight.Pointer, bias: null, residual: null,
                new(1, Inputs, Outputs));
        }

        Assert.Equal(alone.Span.ToArray(), together.Span.ToArray());
    }

    [Theory]
    [ClassData(typeof(KernelNames))]
    public void Bfloat16_has_the_bits_of_float32_with_the_same_values(string name)
    {
        var kernels = KernelNames.Get(name);
        foreach (var (rows, inputs, outputs) in Sizes)
        {
            using var weight = new Matrix(WeightDataType.BFloat16, outputs, inputs);
            using Buffer input = new(rows * inputs, 2), narrow = new(rows * outputs), wide = new(rows * outputs);
            using var widened = new Buffer(outputs * inputs);
            for (var n = 0; n < outputs; n++)
            {
                for (var k = 0; k < inputs; k++)
                    widened.Span[(n * inputs) + k] = weight[n, k];
            }

            kernels.MatMulForward(wide.Pointer, input.Pointer, widened.Pointer, null, null, new(rows, inputs, outputs));
            kernels.For(WeightDataType.BFloat16).MatMulForward(
                narrow.Pointer, input.Pointer, weight.Pointer, null, null, new(rows, inputs, outputs));
            Assert.Equal(wide.Span.ToArray(), narrow.Span.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_token_gets_its_row_and_its_position(string name, WeightDataType type)
    {
        const int Channels = 45;
        using var embedding = new Matrix(type, rows: 10, Channels);
        using Buffer positions = new(8 * Channels, 3), output = new(3 * Channels);
        int[] tokens = [7, 0, 9];
        fixed (int* ids = tokens)
            KernelNames.Get(name).For(type).EmbeddingForward(output.Pointer, ids, embedding.Pointer, positions.Pointer, 1, 3, 2, Channels);
        for (var row = 0; row < 3; row++)
        {
            for (var c = 0; c < Channels; c++)
                Assert.Equal(embedding[tokens[row], c] + positions.Span[((2 + row) * Channels) + c], output.Span[(row * Channels) + c]);
        }

        output.AssertGuards();
    }

    [Theory]
    [ClassData(typeof(KernelNames))]
    public void A_value_that_is_no_number_stays_one_in_8_bits(string name)
    {
        using var weight = new Matrix(WeightDataType.Q8_0, 3, 64);
        using Buffer input = new(64, 2), output = new(3);
        input.Span[40] = float.NaN;
        KernelNames.Get(name)
            .For(WeightDataType.Q8_0)
            .MatMulForward(output.Pointer, input.Pointer, weight.Pointer, null, null, new(1, 64, 3));
        Assert.All(output.Span.ToArray(), value => Assert.True(float.IsNaN(value)));
    }

    private static TheoryData<string, WeightDataType> OfBothTypes(IEnumerable<string> names)
    {
        var cases = new TheoryData<string, WeightDataType>();
        foreach (var name in names)
        {
            cases.Add(name, WeightDataType.BFloat16);
            cases.Add(name, WeightDataType.Q8_0);
        }

        return cases;
    }

    /// <summary>
    /// The product in float64; in 8 bits that of up to 64 rows of input, rounded to whole numbers of the largest magnitude / 32767.
    /// </summary>
    private static double Dot(bool roundsInput, ReadOnlySpan<float> input, Matrix weight, int row)
    {
        var scale = input.ToArray().Max(MathF.Abs) / 32767;
        var sum = 0.0;
        for (var k = 0; k < input.Length; k++)
        {
            var x = roundsInput ? scale * Math.Round((double)(input[k] * (1 / scale)), MidpointRounding.AwayFromZero) : input[k];
            sum += x * weight[row, k];
        }

        return sum;
    }

    /// <summary>A matrix in narrow weights, and the values that it holds.</summary>
    private sealed class Matrix : IDisposable
    {
        private readonly NativeBlock block;
        private readonly float[] values;
        private readonly int columns;

        public Matrix(WeightDataType type, int rows, int columns)
        {
            this.columns = columns;
            var (stride, random) = (NarrowRow.FloatCount(type, columns), new RandomStream(1));
            block = new NativeBlock((nint)rows * stride);
            values = [.. Enumerable.Range(0, rows * columns).Select(_ => (float)random.NextNormal())];
            for (var row = 0; row < rows; row++)
            {
                var part = values.AsSpan(row * columns, columns);
                NarrowValues.Write(type, block.Pointer + (row * stride), columns, 0, part);
                Round(type, part);
            }
        }

        public float* Pointer => block.Pointer;

        public float this[int row, int column] => values[(row * columns) + column];

        public void Dispose() => block.Dispose();

        /// <summary>
        /// bfloat16: the nearest of the upper halves; 8 bits: whole numbers of the largest magnitude / 127 in half precision.
        /// </summary>
        private static void Round(WeightDataType type, Span<float> row)
        {
            for (var start = 0; start < row.Length; start += 32)
            {
                var part = row[start..Math.Min(start + 32, row.Length)];
                var scale = part.ToArray().Max(MathF.Abs) / 127;
                foreach (ref var value in part)
                {
                    var bits = BitConverter.SingleToUInt32Bits(value);
                    value = type == WeightDataType.BFloat16
                        ? BitConverter.UInt32BitsToSingle((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000)
                        : MathF.Round(value * (1 / scale), MidpointRounding.AwayFromZero) * (float)(Half)scale;
                }
            }
        }
    }
}
