using System.Runtime.CompilerServices;

namespace PsGpt.Kernels.Simd;

/// <summary>The activation functions and their derivatives over vectors.</summary>
internal static class VectorActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    // GELU's tanh form is x · sigmoid(2u), u = √(2/π) · (x + 0.044715 x³).
    private const float TwiceRootTwoOverPi = 1.5957691216057308f;
    private const float CubicTerm = 0.044715f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Value(ActivationFunction activation, TVector x) => activation switch
    {
        ActivationFunction.GeluTanh => TSimd.Multiply(x, VectorMath<TSimd, TVector>.Sigmoid(TwiceInner(x, TSimd.Multiply(x, x)))),
        ActivationFunction.GeluErf => TSimd.Multiply(x, NormalCumulative(x)),
        _ => TSimd.SelectLess(x, TSimd.Zero, TSimd.Zero, x),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(ActivationFunction activation, TVector x) => activation switch
    {
        ActivationFunction.GeluTanh => GeluTanhDerivative(x),
        ActivationFunction.GeluErf => GeluErfDerivative(x),
        _ => TSimd.SelectLess(TSimd.Zero, x, TSimd.Broadcast(1f), TSimd.Zero),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector TwiceInner(TVector x, TVector square) =>
        TSimd.Multiply(x, TSimd.MultiplyAdd(square, TSimd.Broadcast(TwiceRootTwoOverPi * CubicTerm), TSimd.Broadcast(TwiceRootTwoOverPi)));

    // (x · s)' = s + x · s · (1 − s) · (2u)'. Beyond |x| = 12 the second term is 0, but x · (2u)' may overflow to infinity there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector GeluTanhDerivative(TVector value)
    {
        var one = TSimd.Broadcast(1f);
        var x = TSimd.Min(TSimd.Broadcast(12f), TSimd.Max(TSimd.Broadcast(-12f), value));
        var square = TSimd.Multiply(x, x);
        var sigmoid = VectorMath<TSimd, TVector>.Sigmoid(TwiceInner(x, square));
        var slope = TSimd.MultiplyAdd(square, TSimd.Broadcast(3 * TwiceRootTwoOverPi * CubicTerm), TSimd.Broadcast(TwiceRootTwoOverPi));
        var bend = TSimd.Multiply(TSimd.Multiply(x, slope), TSimd.Subtract(one, sigmoid));
        return TSimd.MultiplyAdd(sigmoid, bend, sigmoid);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector NormalCumulative(TVector x)
    {
        var half = TSimd.Broadcast(0.5f);
        return TSimd.MultiplyAdd(half, VectorMath<TSimd, TVector>.ErrorFunction(TSimd.Multiply(x, TSimd.Broadcast(0.70710678f))), half);
    }

    // Φ(x) + x · φ(x), within 2.5e-7 and exactly 0 or 1 beyond 5.8: 1/2 and an odd rational function, fitted to the smallest maximum
    // error on [0, 5.8] by weighted least squares. The error function and an exponential would take twice the time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector GeluErfDerivative(TVector value)
    {
        var x = TSimd.Min(TSimd.Broadcast(5.8f), TSimd.Max(TSimd.Broadcast(-5.8f), value));
        var square = TSimd.Multiply(x, x);
        var numerator = TSimd.MultiplyAdd(TSimd.Broadcast(-1.89469239e-11f), square, TSimd.Broadcast(3.39873774e-09f));
        numerator = TSimd.MultiplyAdd(numerator, square, TSimd.Broadcast(-1.59714745e-07f));
        numerator = TSimd.MultiplyAdd(numerator, square, TSimd.Broadcast(3.26717382e-05f));
        numerator = TSimd.MultiplyAdd(numerator, square, TSimd.Broadcast(-1.84061224e-04f));
        numerator = TSimd.MultiplyAdd(numerator, square, TSimd.Broadcast(1.46087809e-02f));
        numerator = TSimd.MultiplyAdd(numerator, square, TSimd.Broadcast(-4.37163226e-02f));
        numerator = TSimd.MultiplyAdd(numerator, square, TSimd.Broadcast(7.97884643e-01f));
        var denominator = TSimd.MultiplyAdd(TSimd.Broadcast(4.95715813e-06f), square, TSimd.Broadcast(1.41895682e-04f));
        denominator = TSimd.MultiplyAdd(denominator, square, TSimd.Broadcast(2.83925678e-03f));
        denominator = TSimd.MultiplyAdd(denominator, square, TSimd.Broadcast(3.61534022e-02f));
        denominator = TSimd.MultiplyAdd(denominator, square, TSimd.Broadcast(2.78544724e-01f));
        denominator = TSimd.MultiplyAdd(denominator, square, TSimd.Broadcast(1f));
        return TSimd.Add(TSimd.Multiply(x, TSimd.Divide(numerator, denominator)), TSimd.Broadcast(0.5f));
    }
}
