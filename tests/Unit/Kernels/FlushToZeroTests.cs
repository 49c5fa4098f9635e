using PsGpt.Kernels;

namespace PsGpt.Unit.Kernels;

/// <summary>What is too small to count becomes 0 and never subnormal, which some processors are slow with.</summary>
public sealed unsafe class FlushToZeroTests
{
    private const int Length = 35;

    public static TheoryData<string> VectorKernels => [.. KernelNames.All.Where(name => name != "scalar")];

    [Fact]
    public void Limits_are_powers_of_two() =>
        Assert.Equal(
            [MathF.ScaleB(1, -50), MathF.ScaleB(1, -100), MathF.ScaleB(1, -120)],
            [FlushToZero.Gradient, FlushToZero.Moment, FlushToZero.SecondMoment]);

    // 0.99 to the power of 8300 is the least that a second moment may be; the smallest float would come after 10,280 steps, and stay.
    [Theory]
    [ClassData(typeof(KernelNames))]
    public void Moments_of_a_gradient_that_does_not_come_again_become_0(string name)
    {
        using Buffer p = new(Length, 1), g = new(Length), m = new(Length, 2), v = new(Length);
        v.Span.Fill(1);
        for (var step = 0; step < 10_500; step++)
        {
            KernelNames.Get(name).AdamW(p.Pointer, g.Pointer, m.Pointer, v.Pointer, Length, Coefficients(gradientScale: 1));
            AssertNoneIsSubnormal(p, m, v);
        }

        Assert.All(m.Span.ToArray(), value => Assert.Equal(0f, value));
        Assert.All(v.Span.ToArray(), value => Assert.Equal(0f, value));
    }

    [Theory]
    [ClassData(typeof(KernelNames))]
    public void Gradients_of_all_sizes_leave_normal_moments(string name)
    {
        using Buffer g = new(256);
        for (var exponent = 0; exponent < 128; exponent++)
            (g.Span[exponent], g.Span[255 - exponent]) = (MathF.ScaleB(1.3f, -exponent), MathF.ScaleB(-1.1f, -exponent));
        foreach (var gradientScale in new[] { 1, 0.01f })
        {
            using Buffer p = new(256, 1), m = new(256), v = new(256);
            for (var step = 0; step < 200; step++)
            {
                KernelNames.Get(name).AdamW(p.Pointer, g.Pointer, m.Pointer, v.Pointer, 256, Coefficients(gradientScale));
                AssertNoneIsSubnormal(p, m, v);
            }
        }
    }

    [Theory]
    [ClassData(typeof(KernelNames))]
    public void What_makes_a_gradient_or_moment_of_numbers_that_are_none_stays_none(string name)
    {
        using Buffer p = new(Length, 1), g = new(Length, 2), m = new(Length), v = new(Length);
        (g.Span[3], g.Span[4]) = (float.NaN, float.PositiveInfinity);
        KernelNames.Get(name).AdamW(p.Pointer, g.Pointer, m.Pointer, v.Pointer, Length, Coefficients(gradientScale: 1));
        Assert.Equal([3, 4], Enumerable.Range(0, Length).Where(i => !float.IsFinite(p.Span[i])));
    }

    // 0.9 to the power of 657 is the least that counts; 0.9 of the smallest float is the smallest float.
    [Theory]
    [ClassData(typeof(KernelNames))]
    public void A_sum_that_decays_becomes_0(string name)
    {
        using Buffer direction = new(Length, 1), gradient = new(Length), parameters = new(Length, 2);
        for (var step = 0; step < 1100; step++)
        {
            KernelNames.Get(name).LinearCombination(direction.Pointer, direction.Pointer, 0.9f, gradient.Pointer, 1, Length);
            KernelNames.Get(name).LinearCombination(parameters.Pointer, parameters.Pointer, 1, direction.Pointer, -1e-3f, Length);
            AssertNoneIsSubnormal(direction, parameters);
        }

        Assert.All(direction.Span.ToArray(), value => Assert.Equal(0f, value));
    }

    // The reference, which computes in double precision, gives what the formula gives.
    [Theory]
    [MemberData(nameof(VectorKernels))]
    public void Improbable_tokens_have_normal_gradients_or_none(string name)
    {
        const int Vocabulary = 130;
        using Buffer logits = new(Vocabulary), losses = new(1);
        for (var token = 0; token < Vocabulary; token++)
            logits.Span[token] = -token;
        var target = 0;
        KernelNames.Get(name).CrossEntropy(losses.Pointer, logits.Pointer, &target, 1, Vocabulary, Vocabulary, 1e-5f);
        AssertNoneIsSubnormal(logits);
        Assert.True(logits.Span[60] > 0);
    }

    private static AdamWCoefficients Coefficients(float gradientScale) => new(1e-3f, 0.9f, 0.99f, 1e-8f, 0.1f, 1, 1, gradientScale);

    private static void AssertNoneIsSubnormal(params ReadOnlySpan<Buffer> buffers)
    {
        foreach (var buffer in buffers)
        {
            foreach (var value in buffer.Span)
            {
                if (float.IsSubnormal(value))
                    Assert.Fail($"{value} is subnormal.");
            }
        }
    }
}
