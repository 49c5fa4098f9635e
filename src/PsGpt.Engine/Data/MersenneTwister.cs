namespace PsGpt.Data;

/// <summary>
/// The generator that PyTorch and llm.c shuffle with (MT19937, Matsumoto and Nishimura 1998), for the same order as theirs.
/// </summary>
internal sealed class MersenneTwister
{
    private const int Length = 624;
    private const int Middle = 397;
    private readonly uint[] state = new uint[Length];
    private int next = Length;

    public MersenneTwister(uint seed)
    {
        state[0] = seed;
        for (uint i = 1; i < Length; i++)
            state[i] = (1812433253 * (state[i - 1] ^ (state[i - 1] >> 30))) + i;
    }

    /// <summary>32 random bits.</summary>
    public uint NextBits()
    {
        if (next == Length)
            Refill();
        var bits = state[next++];
        bits ^= bits >> 11;
        bits ^= (bits << 7) & 0x9D2C5680;
        bits ^= (bits << 15) & 0xEFC60000;
        return bits ^ (bits >> 18);
    }

    /// <summary>Puts values into a random order (llm.c's <c>random_permutation</c>).</summary>
    public void Shuffle(Span<int> values)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var other = (int)(NextBits() % (uint)(i + 1));
            (values[i], values[other]) = (values[other], values[i]);
        }
    }

    private void Refill()
    {
        for (var i = 0; i < Length; i++)
        {
            var bits = (state[i] & 0x80000000) | (state[(i + 1) % Length] & 0x7FFFFFFF);
            state[i] = state[(i + Middle) % Length] ^ (bits >> 1) ^ ((bits & 1) == 0 ? 0 : 0x9908B0DF);
        }

        next = 0;
    }
}
