using System.Runtime.Intrinsics;
using PsGpt.Kernels;
using PsGpt.Kernels.Simd;

namespace PsGpt.Unit.Kernels;

public sealed class VectorActivationTests
{
    [Fact]
    public void The_derivative_of_the_exact_gelu_is_within_its_bound()
    {
        for (var x = -5.6f; x <= 5.6f; x += 1f / 1024)
        {
            var expected = (0.5 * (1 + DoubleFormulas.Erf(x / Math.Sqrt(2)))) + (x * Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI));
            Assert.Equal(expected, Derivative(x), 2.5e-7);
        }
    }

    [Theory]
    [InlineData(0f, 0.5f)]
    [InlineData(5.8f, 1f)]
    [InlineData(-5.8f, 0f)]
    [InlineData(1e30f, 1f)]
    [InlineData(-1e30f, 0f)]
    [InlineData(float.PositiveInfinity, 1f)]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(float.NaN, float.NaN)]
    public void The_derivative_of_the_exact_gelu_of_special_values(float x, float expected) => Assert.Equal(expected, Derivative(x));

    private static float Derivative(float x)
    {
        const ActivationFunction Gelu = ActivationFunction.GeluErf;
        var narrow = Vector128.ToScalar(VectorActivation<Simd128, Vector128<float>>.Derivative(Gelu, Vector128.Create(x)));
        if (Simd256.IsSupported)
        {
            var wide = VectorActivation<Simd256, Vector256<float>>.Derivative(Gelu, Vector256.Create(x));
            Assert.Equal(narrow, Vector256.ToScalar(wide));
        }

        if (Simd512.IsSupported)
        {
            var wide = VectorActivation<Simd512, Vector512<float>>.Derivative(Gelu, Vector512.Create(x));
            Assert.Equal(narrow, Vector512.ToScalar(wide));
        }

        return narrow;
    }
}
