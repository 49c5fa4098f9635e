namespace PsGpt;

/// <summary>
/// A small seeded generator of random numbers (SplitMix64, Steele et al. 2014) whose stream is part of the contract: the same
/// seed gives the same numbers on every machine and in every version, which System.Random does not promise.
/// </summary>
/// <param name="seed">Any number; neighbouring seeds give unrelated streams.</param>
public sealed class RandomStream(ulong seed)
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    /// <summary>The whole state: storing it and setting it again continues the stream exactly.</summary>
    public ulong State { get; set; } = seed;

    /// <summary>64 random bits.</summary>
    public ulong NextBits() => Mix(State += GoldenGamma);

    /// <summary>A number in [0, 1), in steps of 2⁻⁵³.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number in [0, <paramref name="exclusiveMaximum"/>), each equally likely (to within 2⁻³²).</summary>
    public int NextInt32(int exclusiveMaximum) => (int)NextInt64(exclusiveMaximum);

    /// <summary>
    /// A whole number in [0, <paramref name="exclusiveMaximum"/>), each equally likely to within <paramref name="exclusiveMaximum"/> ·
    /// 2⁻⁶⁴.
    /// </summary>
    public long NextInt64(long exclusiveMaximum)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(exclusiveMaximum, 1);
        return (long)Math.BigMul(NextBits(), (ulong)exclusiveMaximum, out _);
    }

    /// <summary>
    /// A number from the standard normal distribution (Box and Muller; one of the pair is used). Logarithm and cosine are the
    /// platform's, so the last bit may differ from one kind of machine to another.
    /// </summary>
    public double NextNormal() =>
        Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>Spreads the bits of a number over all 64 bits; the finalizer of SplitMix64.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
