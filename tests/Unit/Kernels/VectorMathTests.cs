using System.Runtime.Intrinsics;
using PsGpt.Kernels;

namespace PsGpt.Unit.Kernels;

/// <summary>The vector functions against .NET's in double precision, over the whole range of floats.</summary>
public sealed class VectorMathTests
{
    [Fact]
    public void Exponential_is_within_two_units_in_the_last_place()
    {
        if (Simd512.IsSupported)
            CheckExponential<Simd512, Vector512<float>>();
        if (Simd256.IsSupported)
            CheckExponential<Simd256, Vector256<float>>();
        CheckExponential<Simd128, Vector128<float>>();
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
    public void Error_function_is_within_its_bound()
    {
        // Values of erf from Abramowitz and Stegun, table 7.1, and its limits.
        (float X, double Erf)[] known = [(0, 0), (0.1f, 0.1124629160), (0.5f, 0.5204998778), (1, 0.8427007929), (1.5f, 0.9661051465), (2, 0.9953222650), (3, 0.9999779095), (9, 1), (float.PositiveInfinity, 1)];
        foreach (var (x, erf) in known)
        {
            Assert.Equal(erf, Vector128.ToScalar(VectorMath<Simd128, Vector128<float>>.ErrorFunction(Vector128.Create(x))), 4e-7);
            Assert.Equal(-erf, Vector128.ToScalar(VectorMath<Simd128, Vector128<float>>.ErrorFunction(Vector128.Create(-x))), 4e-7);
        }
    }

    private static float Exp(float x) => Vector128.ToScalar(VectorMath<Simd128, Vector128<float>>.Exp(Vector128.Create(x)));

    /// <summary>Every 1,009th float from −104 to 88.7: some 600,000 of either sign.</summary>
    private static unsafe void CheckExponential<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        var lanes = stackalloc float[16];
        for (var bits = 0; bits < BitConverter.SingleToInt32Bits(104f); bits += 1009)
        {
            foreach (var x in new[] { BitConverter.Int32BitsToSingle(bits), -BitConverter.Int32BitsToSingle(bits) })
            {
                var expected = Math.Exp(x);
                if (expected > float.MaxValue)
                    continue;
                TSimd.Store(lanes, VectorMath<TSimd, TVector>.Exp(TSimd.Broadcast(x)));
                var unit = Math.Max((double)MathF.BitIncrement((float)expected) - (float)expected, float.Epsilon);
                if (Math.Abs(lanes[0] - expected) > 2 * unit)
                    Assert.Fail($"{TSimd.Name}: exp({x:R}) = {lanes[0]:R} instead of {expected:R}");
            }
        }
    }
}
