using PsGpt.Data;

namespace PsGpt.Unit.Data;

public sealed class MersenneTwisterTests
{
    /// <summary>The numbers that llm.c's <c>rand.h</c> gives for itself and for PyTorch.</summary>
    [Fact]
    public void Bits_are_those_of_llm_c_and_PyTorch()
    {
        var random = new MersenneTwister(137);
        Assert.Equal(
            [4053805790u, 2173880614u, 380293709u, 1237255315u, 2986595568u], Enumerable.Range(0, 5).Select(_ => random.NextBits()));
    }

    /// <summary>The 10,000th number for the default seed, as the C++ standard fixes it ([rand.predef]).</summary>
    [Fact]
    public void Bits_are_those_of_the_standard_after_many_refills()
    {
        var random = new MersenneTwister(5489);
        for (var i = 1; i < 10_000; i++)
            random.NextBits();
        Assert.Equal(4123659995u, random.NextBits());
    }

    /// <summary>Printed by llm.c's <c>random_permutation</c> for seed 42.</summary>
    [Fact]
    public void Permutations_are_those_of_llm_c()
    {
        int[][] expected =
            [[1, 0, 9, 10, 5, 8, 3, 2, 4, 11, 7, 6], [11, 8, 5, 7, 2, 1, 6, 9, 0, 4, 3, 10], [2, 7, 3, 0, 8, 10, 11, 5, 4, 9, 6, 1]];
        var random = new MersenneTwister(42);
        Assert.All(expected, permutation =>
        {
            var values = Enumerable.Range(0, 12).ToArray();
            random.Shuffle(values);
            Assert.Equal(permutation, values);
        });
    }
}
