using PsGpt.Kernels;

namespace PsGpt.Unit.Kernels;

public sealed unsafe class GemvTests
{
    [Theory]
    [ClassData(typeof(KernelNames))]
    public void A_row_of_a_few_has_the_bits_that_it_has_alone(string name)
    {
        var kernels = KernelNames.Get(name);
        foreach (var (rows, inputs, outputs) in new[] { (2, 64, 40), (3, 130, 7), (7, 5, 3), (IKernels.IndependentRowCount, 200, 65) })
        {
            float[] input = Random(rows * inputs, 1), weight = Random(outputs * inputs, 2);
            float[] bias = Random(outputs, 3), residual = Random(rows * outputs, 4);
            float[] output = new float[rows * outputs], activated = new float[rows * outputs], sums = new float[rows * outputs];
            float[] alone = new float[outputs], aloneActivated = new float[outputs], aloneSums = new float[outputs];
            fixed (float* x = input, w = weight, b = bias, r = residual, y = output, a = activated, s = sums)
            fixed (float* oneY = alone, oneA = aloneActivated, oneS = aloneSums)
            {
                kernels.MatMulForward(s, x, w, b, r, new(rows, inputs, outputs));
                kernels.MatMulActivationForward(y, a, x, w, b, ActivationFunction.GeluTanh, new(rows, inputs, outputs));
                for (var row = 0; row < rows; row++)
                {
                    var place = (row * outputs)..((row + 1) * outputs);
                    kernels.MatMulForward(oneS, x + (row * inputs), w, b, r + (row * outputs), new(1, inputs, outputs));
                    kernels.MatMulActivationForward(
                        oneY, oneA, x + (row * inputs), w, b, ActivationFunction.GeluTanh, new(1, inputs, outputs));
                    Assert.Equal(aloneSums, sums[place]);
                    Assert.Equal(alone, output[place]);
                    Assert.Equal(aloneActivated, activated[place]);
                }
            }
        }
    }

    private static float[] Random(int count, ulong seed)
    {
        var random = new RandomStream(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())];
    }
}
