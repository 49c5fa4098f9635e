namespace PsGpt.Kernels;

/// <summary>
/// What the steps of optimizers count as 0, so that nothing becomes subnormal: some processors take 150 cycles for a vector in which one
/// number is, and the moment of a gradient that does not come again stays so for good, since 0.9 of the smallest float is rounded back to it.
/// What is lost is far below the resolution of any parameter.
/// </summary>
internal static class FlushToZero
{
    /// <summary>2⁻⁵⁰: a share of the square of what is not below it is normal.</summary>
    public const float Gradient = 8.881784197e-16f;

    /// <summary>2⁻¹⁰⁰, for first moments and all other sums that decay: a learning rate times what is not below it is normal.</summary>
    public const float Moment = 7.888609052e-31f;

    /// <summary>2⁻¹²⁰, for second moments, in which a first share of a gradient's square has to last.</summary>
    public const float SecondMoment = 7.523163845e-37f;

    /// <summary>The value, or 0 where it is nearer to that than <paramref name="least"/>; NaN stays.</summary>
    public static float ZeroBelow(float value, float least) => MathF.Abs(value) < least ? 0 : value;
}
