namespace PsGpt.Kernels;

/// <summary>
/// Thresholds below which the optimizers' steps take a value as 0, so that nothing becomes subnormal: some processors need 150 cycles for
/// a vector with one subnormal number, and the moment of a gradient that does not come again stays subnormal for good, since 0.9 of the
/// smallest float rounds back to it. The loss is far below the resolution of any parameter.
/// </summary>
internal static class FlushToZero
{
    /// <summary>2⁻⁵⁰: from here on, 1 − beta2 of the square is normal.</summary>
    public const float Gradient = 8.881784197e-16f;

    /// <summary>2⁻¹⁰⁰, for first moments and other decaying sums: from here on, the product with a learning rate is normal.</summary>
    public const float Moment = 7.888609052e-31f;

    /// <summary>2⁻¹²⁰, for second moments, which have to hold 1 − beta2 of a gradient's square.</summary>
    public const float SecondMoment = 7.523163845e-37f;

    /// <summary>The value, or 0 if its magnitude is below <paramref name="threshold"/>; NaN stays.</summary>
    public static float ZeroBelow(float value, float threshold) => MathF.Abs(value) < threshold ? 0 : value;
}
