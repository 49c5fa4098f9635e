using PsGpt.Tensors;

namespace PsGpt.Unit.Kernels;

/// <summary>
/// Floats for a kernel, between guards that it must not touch; starts off a vector's boundary on purpose, unless the guards are
/// whole vectors.
/// </summary>
internal sealed unsafe class Buffer : IDisposable
{
    private const float GuardValue = -7.25e30f;
    private readonly NativeBlock block;
    private readonly int guard;

    public Buffer(int length, ulong seed = 0, float scale = 1, int guard = 37)
    {
        this.guard = guard;
        block = new NativeBlock(length + (2 * guard));
        new Span<float>(block.Pointer, length + (2 * guard)).Fill(GuardValue);
        Length = length;
        var random = new RandomStream(seed);
        foreach (ref var value in Span)
            value = seed == 0 ? 0 : (float)random.NextNormal() * scale;
    }

    public int Length { get; }

    public float* Pointer => block.Pointer + guard;

    public Span<float> Span => new(Pointer, Length);

    public Buffer Copy()
    {
        var copy = new Buffer(Length);
        Span.CopyTo(copy.Span);
        return copy;
    }

    /// <summary>Asserts that nothing outside was written.</summary>
    public void AssertGuards()
    {
        for (var i = 0; i < guard; i++)
        {
            Assert.Equal(GuardValue, block.Pointer[i]);
            Assert.Equal(GuardValue, Pointer[Length + i]);
        }
    }

    /// <summary>Asserts that the values differ by at most <paramref name="tolerance"/> of the largest expected value.</summary>
    public void AssertClose(Buffer expected, double tolerance, string what)
    {
        AssertGuards();
        expected.AssertGuards();
        Assert.Equal(expected.Length, Length);
        var wanted = expected.Span;
        var actual = Span;
        var largest = 1e-30f;
        foreach (var value in wanted)
            largest = MathF.Max(largest, MathF.Abs(value));
        for (var i = 0; i < Length; i++)
        {
            // A difference of NaN is within no tolerance. The message of Assert.True would be made for each of millions of values.
            if (!(Math.Abs((double)wanted[i] - actual[i]) <= tolerance * largest))
                Assert.Fail($"{what}[{i}]: {actual[i]} instead of {wanted[i]}, largest {largest}");
        }
    }

    public void Dispose() => block.Dispose();
}
