using System.Runtime.Intrinsics;
using PsGpt.Kernels.Simd;

namespace PsGpt.Unit.Kernels;

/// <summary>The vector functions against .NET's in double precision, over the whole range of floats.</summary>
public sealed class VectorMathTests
{
    [Fact]
    public void Exponential_is_within_its_bound()
    {
        if (Simd512.IsSupported)
            Check<Simd512, Vector512<float>>("exp", VectorMath<Simd512, Vector512<float>>.Exp, Math.Exp, 104f, 1.1);
        if (Simd256.IsSupported)
            Check<Simd256, Vector256<float>>("exp", VectorMath<Simd256, Vector256<float>>.Exp, Math.Exp, 104f, 1.1);
        Check<Simd128, Vector128<float>>("exp", VectorMath<Simd128, Vector128<float>>.Exp, Math.Exp, 104f, 1.1);
    }

    [Fact]
    public void Sigmoid_is_within_its_bound()
    {
        if (Simd512.IsSupported)
            Check<Simd512, Vector512<float>>("sigmoid", VectorMath<Simd512, Vector512<float>>.Sigmoid, Sigmoid, 87f, 2.5);
        if (Simd256.IsSupported)
            Check<Simd256, Vector256<float>>("sigmoid", VectorMath<Simd256, Vector256<float>>.Sigmoid, Sigmoid, 87f, 2.5);
        Check<Simd128, Vector128<float>>("sigmoid", VectorMath<Simd128, Vector128<float>>.Sigmoid, Sigmoid, 87f, 2.5);
    }

    [Fact]
    public void Sigmoid_of_special_values()
    {
        Assert.Equal(0f, VectorSigmoid(float.NegativeInfinity));
        Assert.Equal(0f, VectorSigmoid(-1e30f));
        Assert.Equal(0.5f, VectorSigmoid(0f));
        Assert.Equal(1f, VectorSigmoid(float.PositiveInfinity));
        Assert.True(float.IsNaN(VectorSigmoid(float.NaN)));
    }

    [Fact]
    public void Exponential_of_special_values()
    {
        Assert.Equal(0f, Exp(float.NegativeInfinity));
        Assert.Equal(0f, Exp(-1e30f));
        Assert.Equal(1f, Exp(0f));
        Assert.Equal(1f, Exp(-0f));
        Assert.Equal(float.PositiveInfinity, Exp(88.8f));
        Assert.Equal(float.PositiveInfinity, Exp(float.PositiveInfinity));
        Assert.True(float.IsNaN(Exp(float.NaN)));
        Assert.True(Exp(88.72f) < float.PositiveInfinity);
    }

    [Fact]
    public void Exponential_for_a_softmax_is_the_same_down_to_a_limit_and_0_below()
    {
        foreach (var x in new[] { float.NegativeInfinity, -1e30f, -104f, -87.5f, -69.32f })
            Assert.Equal(0f, ExpOrZero(x));
        foreach (var x in new[] { -69.3147f, -69f, -1f, 0f, 1f, 88.72f, float.PositiveInfinity })
            Assert.Equal(Exp(x), ExpOrZero(x));
        Assert.Equal(MathF.ScaleB(1, -100), ExpOrZero(-69.3147f), MathF.ScaleB(1, -115));
        Assert.True(float.IsNaN(ExpOrZero(float.NaN)));
    }

    [Fact]
    public void Zero_below_a_limit()
    {
        (float Value, float Expected)[] cases =
        [
            (1f, 1f), (-1f, -1f), (0.99f, 0f), (-0.99f, 0f), (float.Epsilon, 0f), (0f, 0f),
            (float.NegativeInfinity, float.NegativeInfinity), (float.NaN, float.NaN),
        ];
        foreach (var (value, expected) in cases)
            Assert.Equal(expected, Vector128.ToScalar(VectorMath<Simd128, Vector128<float>>.ZeroBelow(Vector128.Create(value), 1)));
    }

    [Fact]
    public void Error_function_is_within_its_bound()
    {
        // Values of erf from Abramowitz and Stegun, table 7.1, and its limits.
        (float X, double Erf)[] known =
        [
            (0, 0), (0.1f, 0.1124629160), (0.5f, 0.5204998778), (1, 0.8427007929), (1.5f, 0.9661051465), (2, 0.9953222650),
            (3, 0.9999779095), (9, 1), (float.PositiveInfinity, 1),
        ];
        foreach (var (x, erf) in known)
        {
            Assert.Equal(erf, Vector128.ToScalar(VectorMath<Simd128, Vector128<float>>.ErrorFunction(Vector128.Create(x))), 4e-7);
            Assert.Equal(-erf, Vector128.ToScalar(VectorMath<Simd128, Vector128<float>>.ErrorFunction(Vector128.Create(-x))), 4e-7);
        }
    }

    private static float Exp(float x) => Vector128.ToScalar(VectorMath<Simd128, Vector128<float>>.Exp(Vector128.Create(x)));

    private static float ExpOrZero(float x) => Vector128.ToScalar(VectorMath<Simd128, Vector128<float>>.ExpOrZero(Vector128.Create(x)));

    private static float VectorSigmoid(float x) => Vector128.ToScalar(VectorMath<Simd128, Vector128<float>>.Sigmoid(Vector128.Create(x)));

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>
    /// Every 1,009th float of either sign up to a limit, some 1,100,000 each, and where the errors are largest among all floats. Beyond
    /// what a float can hold nothing is asked.
    /// </summary>
    private static unsafe void Check<TSimd, TVector>(
        string name, Func<TVector, TVector> function, Func<double, double> reference, float limit, double units)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        var lanes = stackalloc float[16];
        var strided = Enumerable.Range(
            0, (BitConverter.SingleToInt32Bits(limit) + 1008) / 1009).Select(i => BitConverter.Int32BitsToSingle(1009 * i));
        foreach (var x in strided.SelectMany(x => new[] { x, -x }).Concat([15.625415f, -5.8778844f, -16.639687f, -16.635704f]))
        {
            var expected = reference(x);
            if (expected > float.MaxValue)
                continue;
            TSimd.Store(lanes, function(TSimd.Broadcast(x)));
            var unit = Math.Max((double)MathF.BitIncrement((float)expected) - (float)expected, float.Epsilon);
            if (Math.Abs(lanes[0] - expected) > units * unit)
                Assert.Fail($"{TSimd.Name}: {name}({x:R}) = {lanes[0]:R} instead of {expected:R}");
        }
    }
}
