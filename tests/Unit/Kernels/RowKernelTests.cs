using PsGpt.Kernels;
using PsGpt.Kernels.Reference;

namespace PsGpt.Unit.Kernels;

/// <summary>The operators that work row by row or value by value, against the reference.</summary>
public sealed unsafe class RowKernelTests
{
    private static readonly ReferenceKernels Reference = new();

    public static TheoryData<string, int> Widths
    {
        get
        {
            var widths = new TheoryData<string, int>();
            foreach (var name in KernelNames.All.Where(name => name != "scalar"))
            {
                for (var width = 1; width <= 67; width++)
                    widths.Add(name, width);
            }

            return widths;
        }
    }

    // The mean of a row is rounded to float32, which the reference does not do before the variance: a few 2^-24 of the largest value.
    [Theory]
    [MemberData(nameof(Widths))]
    public void Layer_norm(string name, int channels)
    {
        const int Rows = 9;
        var kernels = KernelNames.Get(name);
        using Buffer x = new(Rows * channels, 1, 3), weight = new(channels, 2), bias = new(channels, 3), dy = new(Rows * channels, 4);
        using Buffer expected = new(Rows * channels), mean = new(Rows), rstd = new(Rows);
        using Buffer actual = new(Rows * channels), actualMean = new(Rows), actualRstd = new(Rows);
        foreach (var hasBias in new[] { true, false })
        {
            var b = hasBias ? bias.Pointer : null;
            Reference.LayerNormForward(expected.Pointer, mean.Pointer, rstd.Pointer, x.Pointer, weight.Pointer, b, Rows, channels, 1e-2f);
            kernels.LayerNormForward(
                actual.Pointer, actualMean.Pointer, actualRstd.Pointer, x.Pointer, weight.Pointer, b, Rows, channels, 1e-2f);
            actual.AssertClose(expected, 2e-6, "output");
            actualMean.AssertClose(mean, 1e-6, "mean");
            actualRstd.AssertClose(rstd, 1e-6, "rstd");
        }

        foreach (var accumulate in new[] { true, false })
        {
            using Buffer dx = new(Rows * channels, 5), dw = new(channels, 6), db = new(channels, 7);
            using Buffer dx2 = dx.Copy(), dw2 = dw.Copy(), db2 = db.Copy();
            Reference.LayerNormBackward(
                dx.Pointer, dw.Pointer, db.Pointer, dy.Pointer, x.Pointer, mean.Pointer, rstd.Pointer, weight.Pointer, Rows, channels,
                accumulate);
            kernels.LayerNormBackward(
                dx2.Pointer, dw2.Pointer, db2.Pointer, dy.Pointer, x.Pointer, mean.Pointer, rstd.Pointer, weight.Pointer, Rows,
                channels, accumulate);
            dx2.AssertClose(dx, 3e-6, "input gradient");
            dw2.AssertClose(dw, 2e-6, "weight gradient");
            db2.AssertClose(db, 2e-6, "bias gradient");
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Cross_entropy(string name, int vocabulary)
    {
        const int Rows = 5;
        var stride = vocabulary + 3;
        int* targets = stackalloc int[Rows] { 0, vocabulary - 1, -1, vocabulary / 2, 0 };
        foreach (var scale in new[] { 0f, 0.25f })
        {
            using Buffer logits = new(Rows * stride, 1, 8), losses = new(Rows), logits2 = logits.Copy(), losses2 = new(Rows);
            Reference.CrossEntropy(losses.Pointer, logits.Pointer, targets, Rows, vocabulary, stride, scale);
            KernelNames.Get(name).CrossEntropy(losses2.Pointer, logits2.Pointer, targets, Rows, vocabulary, stride, scale);
            losses2.AssertClose(losses, 1e-6, "losses");
            logits2.AssertClose(logits, 1e-6, "gradient");
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Embedding(string name, int channels)
    {
        const int B = 3, T = 4, V = 6;
        int* tokens = stackalloc int[B * T] { 5, 0, 5, 1, 2, 2, 2, 2, 0, 3, 4, 5 };
        var kernels = KernelNames.Get(name);
        using Buffer wte = new(V * channels, 1), wpe = new((T + 2) * channels, 2);
        using Buffer expected = new(B * T * channels), actual = new(B * T * channels);
        Reference.EmbeddingForward(expected.Pointer, tokens, wte.Pointer, wpe.Pointer, B, T, 2, channels);
        kernels.EmbeddingForward(actual.Pointer, tokens, wte.Pointer, wpe.Pointer, B, T, 2, channels);
        actual.AssertClose(expected, 0, "output");
        foreach (var accumulate in new[] { true, false })
        {
            using Buffer dwte = new(V * channels, 3), dwpe = new(T * channels, 4), dwte2 = dwte.Copy(), dwpe2 = dwpe.Copy();
            var expectedGrowth = Reference.EmbeddingBackward(
                dwte.Pointer, dwpe.Pointer, tokens, expected.Pointer, B, T, channels, accumulate);
            var growth = kernels.EmbeddingBackward(dwte2.Pointer, dwpe2.Pointer, tokens, expected.Pointer, B, T, channels, accumulate);
            dwte2.AssertClose(dwte, 0, "token gradient");
            dwpe2.AssertClose(dwpe, 0, "position gradient");
            Assert.Equal(expectedGrowth, growth, 1e-5 * Reference.SumOfSquares(dwte.Pointer, dwte.Span.Length));
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Dropout(string name, int length)
    {
        var mask = DropoutMask.Create(5, 1, 0.4f);
        using Buffer input = new(length, 1), residual = new(length, 2), expected = new(length), actual = new(length);
        Reference.DropoutForward(expected.Pointer, input.Pointer, residual.Pointer, length, mask);
        KernelNames.Get(name).DropoutForward(actual.Pointer, input.Pointer, residual.Pointer, length, mask);
        actual.AssertClose(expected, 1e-7, "output");
    }

    [Fact]
    public void Dropout_drops_the_share_that_it_was_asked_for()
    {
        // 100,000 draws: the standard deviation of the share is 0.0013.
        var mask = DropoutMask.Create(11, 2, 0.2f);
        var dropped = Enumerable.Range(0, 100_000).Count(index => !mask.Keeps((uint)index));
        Assert.InRange(dropped, 19_400, 20_600);
    }

    // The reference rounds after each operation and the vectors fuse some: within 3 roundings of the larger of value and step.
    [Theory]
    [MemberData(nameof(Widths))]
    public void AdamW(string name, int length)
    {
        var coefficients = new AdamWCoefficients(1e-2f, 0.9f, 0.99f, 1e-8f, 0.1f, 0.19f, 0.0199f, 0.5f);
        using Buffer p = new(length, 1), g = new(length, 2), m = new(length, 3), v = new(length, 4);
        foreach (ref var value in v.Span)
            value *= value;
        using Buffer p2 = p.Copy(), m2 = m.Copy(), v2 = v.Copy();
        Reference.AdamW(p.Pointer, g.Pointer, m.Pointer, v.Pointer, length, coefficients);
        KernelNames.Get(name).AdamW(p2.Pointer, g.Pointer, m2.Pointer, v2.Pointer, length, coefficients);
        m2.AssertClose(m, 3e-7, "first moment");
        v2.AssertClose(v, 3e-7, "second moment");
        p2.AssertClose(p, 1e-6, "parameters");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(67)]
    [InlineData(32768)]
    [InlineData(100_001)]
    public void Sum_of_squares(int length)
    {
        using var values = new Buffer(length, 1);
        var expected = Reference.SumOfSquares(values.Pointer, length);
        foreach (var name in KernelNames.All)
            Assert.Equal(expected, KernelNames.Get(name).SumOfSquares(values.Pointer, length), 1e-6 * expected);
    }
}
