using System.Runtime.CompilerServices;

namespace PsGpt.Kernels.Simd;

/// <summary>Exponential, error function and similar over vectors. Tests hold the stated bounds over the whole range of floats.</summary>
internal static class VectorMath<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>
    /// eˣ, within 1.1 units in the last place where the result is normal; subnormal, 0, infinity and NaN as MathF.Exp has them,
    /// the subnormal results within one of their steps.
    /// </summary>
    /// <remarks>
    /// x = n · ln 2 + r with |r| ≤ ln 2 / 2, so eˣ = 2ⁿ · eʳ; eʳ is a polynomial of degree 6 (Cephes, expf). ln 2 is taken off
    /// in two parts, the first with so few bits that n times it is exact. n is −150 … 128. The 1 of eʳ is added last, so that
    /// earlier rounding errors count little.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp(TVector x) => ExpFrom(x, -104f);

    /// <summary>
    /// eˣ as <see cref="Exp"/>, but 0 below 2⁻¹⁰⁰: for a softmax, in which such values count for nothing, while their products can be
    /// subnormal, which takes some processors 150 cycles.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ExpOrZero(TVector x)
    {
        const float Min = -69.314718f;
        return TSimd.SelectLess(x, TSimd.Broadcast(Min), TSimd.Zero, ExpFrom(x, Min));
    }

    /// <summary>The values, but 0 if their magnitude is below <paramref name="threshold"/>; NaN stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ZeroBelow(TVector value, float threshold)
    {
        var magnitude = TSimd.Max(value, TSimd.Subtract(TSimd.Zero, value));
        return TSimd.SelectLess(magnitude, TSimd.Broadcast(threshold), TSimd.Zero, value);
    }

    /// <summary>1 / (1 + e⁻ˣ), within 2.5 units in the last place; 0 below −88.7, where the result would be subnormal.</summary>
    /// <remarks>
    /// GELU's (1 + tanh u) / 2 is this of 2u. A tanh within 2 units would be worse: near −1, where 1 is added, most of its digits cancel.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigmoid(TVector x)
    {
        var one = TSimd.Broadcast(1f);
        return TSimd.Divide(one, TSimd.Add(one, Exp(TSimd.Subtract(TSimd.Zero, x))));
    }

    /// <summary>
    /// The error function, within 4·10⁻⁷: a rational approximation on [−4, 4], where it reaches ±1 (as Eigen and XLA have it).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ErrorFunction(TVector value)
    {
        var x = TSimd.Min(TSimd.Broadcast(4f), TSimd.Max(TSimd.Broadcast(-4f), value));
        var square = TSimd.Multiply(x, x);
        var numerator = TSimd.MultiplyAdd(TSimd.Broadcast(-2.72614225801306e-10f), square, TSimd.Broadcast(2.77068142495902e-08f));
        numerator = TSimd.MultiplyAdd(numerator, square, TSimd.Broadcast(-2.10102402082508e-06f));
        numerator = TSimd.MultiplyAdd(numerator, square, TSimd.Broadcast(-5.69250639462346e-05f));
        numerator = TSimd.MultiplyAdd(numerator, square, TSimd.Broadcast(-7.34990630326855e-04f));
        numerator = TSimd.MultiplyAdd(numerator, square, TSimd.Broadcast(-2.95459980854025e-03f));
        numerator = TSimd.MultiplyAdd(numerator, square, TSimd.Broadcast(-1.60960333262415e-02f));
        var denominator = TSimd.MultiplyAdd(TSimd.Broadcast(-1.45660718464996e-05f), square, TSimd.Broadcast(-2.13374055278905e-04f));
        denominator = TSimd.MultiplyAdd(denominator, square, TSimd.Broadcast(-1.68282697438203e-03f));
        denominator = TSimd.MultiplyAdd(denominator, square, TSimd.Broadcast(-7.37332916720468e-03f));
        denominator = TSimd.MultiplyAdd(denominator, square, TSimd.Broadcast(-1.42647390514189e-02f));
        return TSimd.Multiply(x, TSimd.Divide(numerator, denominator));
    }

    /// <summary>eˣ for x of at least <paramref name="min"/>, and e to the power of that below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ExpFrom(TVector x, float min)
    {
        var clamped = TSimd.Min(TSimd.Broadcast(89f), TSimd.Max(TSimd.Broadcast(min), x));
        var n = TSimd.Round(TSimd.Multiply(clamped, TSimd.Broadcast(1.44269504f)));
        var r = TSimd.MultiplyAdd(n, TSimd.Broadcast(-0.693359375f), clamped);
        r = TSimd.MultiplyAdd(n, TSimd.Broadcast(2.12194440e-4f), r);
        var polynomial = TSimd.MultiplyAdd(TSimd.Broadcast(1.9875691500e-4f), r, TSimd.Broadcast(1.3981999507e-3f));
        polynomial = TSimd.MultiplyAdd(polynomial, r, TSimd.Broadcast(8.3334519073e-3f));
        polynomial = TSimd.MultiplyAdd(polynomial, r, TSimd.Broadcast(4.1665795894e-2f));
        polynomial = TSimd.MultiplyAdd(polynomial, r, TSimd.Broadcast(1.6666665459e-1f));
        polynomial = TSimd.MultiplyAdd(polynomial, r, TSimd.Broadcast(0.5f));
        polynomial = TSimd.MultiplyAdd(polynomial, TSimd.Multiply(r, r), r);
        return TSimd.Scale(TSimd.Add(polynomial, TSimd.Broadcast(1f)), n);
    }
}
