using PsGpt.Kernels;

namespace PsGpt.Unit.Kernels;

/// <summary>
/// Each backward kernel against central differences of its formula in double precision. With steps of 1e-4 and the four-point
/// rule the differences are good to about 1e-10, so the bound is the float32 of the kernel.
/// </summary>
public sealed unsafe class CentralDifferenceTests
{
    private const double Tolerance = 3e-6;

    [Theory]
    [ClassData(typeof(KernelNames))]
    public void Layer_norm(string name)
    {
        const int Rows = 3, C = 19;
        using Buffer x = new(Rows * C, 1), w = new(C, 2), dy = new(Rows * C, 3), y = new(Rows * C), mean = new(Rows), rstd = new(Rows);
        using Buffer dx = new(Rows * C), dw = new(C), db = new(C);
        var kernels = KernelNames.Get(name);
        kernels.LayerNormForward(y.Pointer, mean.Pointer, rstd.Pointer, x.Pointer, w.Pointer, null, Rows, C, 1e-5f);
        kernels.LayerNormBackward(
            dx.Pointer, dw.Pointer, db.Pointer, dy.Pointer, x.Pointer, mean.Pointer, rstd.Pointer, w.Pointer, Rows, C, false);
        double[] zero = new double[C];
        AssertGradient(dx, Doubles(x), values => Dot(DoubleFormulas.LayerNorm(values, Doubles(w), zero, Rows, C), dy));
        AssertGradient(dw, Doubles(w), values => Dot(DoubleFormulas.LayerNorm(Doubles(x), values, zero, Rows, C), dy));
        AssertGradient(db, zero, values => Dot(DoubleFormulas.LayerNorm(Doubles(x), Doubles(w), values, Rows, C), dy));
    }

    [Theory]
    [ClassData(typeof(KernelNames))]
    public void Matrix_product_with_activation(string name)
    {
        const int M = 5, K = 13, N = 17;
        using Buffer x = new(M * K, 1), w = new(N * K, 2, 0.3f), dy = new(M * N, 3), dx = new(M * K), dw = new(N * K), db = new(N);
        var kernels = KernelNames.Get(name);
        kernels.MatMulBackwardWeight(dw.Pointer, db.Pointer, dy.Pointer, x.Pointer, new(M, K, N), false);
        AssertGradient(dw, Doubles(w), values => Dot(DoubleFormulas.MatMul(Doubles(x), values, new double[N], M, K, N), dy));
        AssertGradient(db, new double[N], values => Dot(DoubleFormulas.MatMul(Doubles(x), Doubles(w), values, M, K, N), dy));
        foreach (var activation in Enum.GetValues<ActivationFunction>())
        {
            kernels.MatMulBackwardInput(dx.Pointer, dy.Pointer, w.Pointer, x.Pointer, activation, new(M, K, N));
            AssertGradient(
                dx, Doubles(x),
                values => Dot(
                    DoubleFormulas.MatMul(
                        [.. values.Select(value => DoubleFormulas.Activate(activation, value))], Doubles(w), new double[N], M, K, N),
                    dy));
        }
    }

    [Theory]
    [ClassData(typeof(KernelNames))]
    public void Attention(string name)
    {
        const int B = 2, T = 7, Heads = 2, C = 10;
        using Buffer qkv = new(B * T * 3 * C, 1), dy = new(B * T * C, 2);
        using Buffer y = new(B * T * C), sums = new(B * Heads * T), gradient = new(B * T * 3 * C);
        var kernels = KernelNames.Get(name);
        kernels.AttentionForward(y.Pointer, sums.Pointer, qkv.Pointer, new(B, T, Heads, C), DropoutMask.None);
        kernels.AttentionBackward(
            gradient.Pointer, dy.Pointer, y.Pointer, sums.Pointer, qkv.Pointer, new(B, T, Heads, C), DropoutMask.None);
        AssertGradient(gradient, Doubles(qkv), values => Dot(DoubleFormulas.Attention(values, B, T, Heads, C), dy));
    }

    [Theory]
    [ClassData(typeof(KernelNames))]
    public void Cross_entropy(string name)
    {
        const int M = 4, V = 21;
        int* targets = stackalloc int[M] { 3, 20, -1, 0 };
        int[] kept = [3, 20, -1, 0];
        using Buffer logits = new(M * V, 1), losses = new(M), gradient = logits.Copy();
        KernelNames.Get(name).CrossEntropy(losses.Pointer, gradient.Pointer, targets, M, V, V, 1f);
        AssertGradient(gradient, Doubles(logits), values => DoubleFormulas.CrossEntropy(values, kept, V));
    }

    [Theory]
    [ClassData(typeof(KernelNames))]
    public void Embedding(string name)
    {
        const int B = 2, T = 3, C = 5, V = 4;
        int* tokens = stackalloc int[B * T] { 3, 0, 3, 1, 3, 0 };
        int[] kept = [3, 0, 3, 1, 3, 0];
        using Buffer wte = new(V * C, 1), wpe = new(T * C, 2), dy = new(B * T * C, 3), dwte = new(V * C), dwpe = new(T * C);
        KernelNames.Get(name).EmbeddingBackward(dwte.Pointer, dwpe.Pointer, tokens, dy.Pointer, B, T, C, false);
        AssertGradient(dwte, Doubles(wte), values => Dot(DoubleFormulas.Embedding(values, Doubles(wpe), kept, T, C), dy));
        AssertGradient(dwpe, Doubles(wpe), values => Dot(DoubleFormulas.Embedding(Doubles(wte), values, kept, T, C), dy));
    }

    private static double[] Doubles(Buffer buffer) => [.. buffer.Span.ToArray().Select(value => (double)value)];

    private static double Dot(double[] values, Buffer weights) => values.Zip(weights.Span.ToArray()).Sum(pair => pair.First * pair.Second);

    private static void AssertGradient(Buffer actual, double[] point, Func<double[], double> function)
    {
        const double Step = 1e-4;
        actual.AssertGuards();
        using var expected = new Buffer(point.Length);
        for (var i = 0; i < point.Length; i++)
        {
            double At(double shift)
            {
                var shifted = (double[])point.Clone();
                shifted[i] += shift * Step;
                return function(shifted);
            }

            expected.Span[i] = (float)(((8 * (At(1) - At(-1))) - At(2) + At(-2)) / (12 * Step));
            Assert.True(float.IsFinite(expected.Span[i]));
        }

        actual.AssertClose(expected, Tolerance, "gradient");
    }
}
