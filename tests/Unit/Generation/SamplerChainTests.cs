using PsGpt.Generation;

namespace PsGpt.Unit.Generation;

public sealed class SamplerChainTests
{
    public static TheoryData<float, int?, float?> Settings => new()
    {
        { 1, null, null },
        { 0.5f, null, null },
        { 2, null, null },
        { 1, 7, null },
        { 0.8f, 1000, null },
        { 1, null, 0.5f },
        { 1, null, 0.95f },
        { 1.3f, 12, 0.8f },
        { 0.7f, 40, 0.3f },
        { 1, 5, 1 },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void Tokens_come_as_often_as_the_reference_says(float temperature, int? topK, float? topP)
    {
        const int Draws = 40_000;
        var logits = RandomLogits(60, seed: 5);
        var expected = Reference(logits, temperature, topK, topP);
        var sampler = SamplerChain.Of(new SamplingOptions { Temperature = temperature, TopK = topK, TopP = topP, Seed = 11 });
        var counts = new int[logits.Length];
        for (var i = 0; i < Draws; i++)
            counts[sampler.Sample(logits)]++;

        Assert.All(
            counts.Index(), item => Assert.True(item.Item == 0 || expected.ContainsKey(item.Index), $"token {item.Index} was cut off"));

        // Pearson's test; classes that expect fewer than 5 are put together, as usual.
        var (large, small) = (
            expected.Where(pair => pair.Value * Draws >= 5).ToList(), expected.Where(pair => pair.Value * Draws < 5).ToList());
        var classes = large.Select(pair => (Expected: pair.Value * Draws, Observed: counts[pair.Key])).ToList();
        if (small.Sum(pair => pair.Value) * Draws >= 5)
            classes.Add((small.Sum(pair => pair.Value) * Draws, small.Sum(pair => counts[pair.Key])));
        var statistic = classes.Sum(item => Math.Pow(item.Observed - item.Expected, 2) / item.Expected);
        Assert.True(statistic < ChiSquareLimit(classes.Count - 1), $"chi-square {statistic} with {classes.Count} classes");
    }

    [Theory]
    [InlineData(null, 0.9f)]
    [InlineData(null, 0.2f)]
    [InlineData(200, null)]
    [InlineData(200, 0.9f)]
    public void Over_a_large_vocabulary_the_tokens_that_remain_are_the_reference_s(int? topK, float? topP)
    {
        var random = new RandomStream(3);
        for (var trial = 0; trial < 4; trial++)
        {
            var logits = RandomLogits(1000, seed: (ulong)trial, scale: trial);
            var expected = Reference(logits, 1, topK, topP);
            var sampler = SamplerChain.Of(new SamplingOptions { Temperature = 1, TopK = topK, TopP = topP, Seed = random.NextBits() });
            var seen = Enumerable.Range(0, 5_000).Select(_ => sampler.Sample(logits)).ToHashSet();
            Assert.Subset(expected.Keys.ToHashSet(), seen);

            // A token that is expected 40 times is missed with probability e^-40.
            Assert.Superset(expected.Where(pair => pair.Value * 5_000 >= 40).Select(pair => pair.Key).ToHashSet(), seen);
        }
    }

    [Theory]
    [InlineData(0.49f, 1)]
    [InlineData(0.51f, 2)]
    [InlineData(0.74f, 2)]
    [InlineData(0.76f, 3)]
    [InlineData(0.91f, 4)]
    public void The_nucleus_is_the_smallest_set_that_reaches_p(float topP, int size)
    {
        float[] logits = [MathF.Log(0.10f), MathF.Log(0.5f), MathF.Log(0.15f), MathF.Log(0.25f)];
        var sampler = SamplerChain.Of(new SamplingOptions { Temperature = 1, TopP = topP });
        var seen = Enumerable.Range(0, 2000).Select(_ => sampler.Sample(logits)).ToHashSet();
        Assert.Equal(new[] { 1, 3, 2, 0 }.Take(size).ToHashSet(), seen);
    }

    [Theory]
    [InlineData(0f, null, null)]
    [InlineData(1f, 1, null)]
    [InlineData(1f, null, 1e-6f)]
    [InlineData(1e-30f, null, null)]
    [InlineData(100f, 1, 0.9f)]
    public void Greedy_settings_take_the_likeliest(float temperature, int? topK, float? topP)
    {
        var logits = RandomLogits(1000, seed: 9);
        var sampler = SamplerChain.Of(new SamplingOptions { Temperature = temperature, TopK = topK, TopP = topP });
        var likeliest = Array.IndexOf(logits, logits.Max());
        for (var i = 0; i < 100; i++)
            Assert.Equal(likeliest, sampler.Sample(logits));
    }

    [Theory]
    [InlineData(0f, null, null)]
    [InlineData(1f, 1, null)]
    [InlineData(1f, null, 1e-6f)]
    public void Of_equal_ones_the_lower_id_is_taken(float temperature, int? topK, float? topP)
    {
        var sampler = SamplerChain.Of(new SamplingOptions { Temperature = temperature, TopK = topK, TopP = topP });
        Assert.Equal(1, sampler.Sample([0, 2, 2, 1, 2]));
    }

    [Theory]
    [InlineData(2, null)]
    [InlineData(null, 0.39f)]
    public void Where_equal_ones_do_not_all_fit_the_lower_ids_stay(int? topK, float? topP)
    {
        var sampler = SamplerChain.Of(new SamplingOptions { Temperature = 1, TopK = topK, TopP = topP });
        Assert.Equal([0, 1], Enumerable.Range(0, 500).Select(_ => sampler.Sample([3, 3, 3, 3, 3])).Distinct().Order());
    }

    [Fact]
    public void A_huge_temperature_makes_all_tokens_equal()
    {
        const int Draws = 10_000;
        var sampler = SamplerChain.Of(new SamplingOptions { Temperature = float.MaxValue, Seed = 2 });
        float[] logits = [-1e30f, 0, 1, 1e30f];
        var counts = new int[4];
        for (var i = 0; i < Draws; i++)
            counts[sampler.Sample(logits)]++;
        Assert.True(counts.Sum(count => Math.Pow(count - 2500.0, 2) / 2500) < ChiSquareLimit(3));
    }

    [Fact]
    public void Extreme_logits_neither_overflow_nor_vanish()
    {
        var sampler = SamplerChain.Of(new SamplingOptions { Temperature = 1, TopP = 0.9f });
        Assert.Equal(1, sampler.Sample([-float.MaxValue, float.MaxValue, 0]));
        Assert.Equal(2, sampler.Sample([-3e38f, -2e38f, -1e38f]));

        float[] high = [1000, 1000, 0], low = [-1000, -2000, -1000];
        Assert.Equal([0, 1], Enumerable.Range(0, 200).Select(_ => sampler.Sample(high)).Distinct().Order());
        Assert.Equal([0, 2], Enumerable.Range(0, 200).Select(_ => sampler.Sample(low)).Distinct().Order());
    }

    [Fact]
    public void Ruled_out_tokens_never_come()
    {
        var sampler = SamplerChain.Of(new SamplingOptions { Temperature = 100 });
        float[] logits = [float.NegativeInfinity, 0, float.NegativeInfinity, -5];
        Assert.Equal([1, 3], Enumerable.Range(0, 1000).Select(_ => sampler.Sample(logits)).Distinct().Order());
    }

    [Theory]
    [InlineData(0f, float.NaN)]
    [InlineData(1f, float.NaN)]
    [InlineData(0f, float.PositiveInfinity)]
    [InlineData(1f, float.PositiveInfinity)]
    public void Logits_that_are_no_numbers_are_refused_wherever_they_stand(float temperature, float bad)
    {
        var sampler = SamplerChain.Of(new SamplingOptions { Temperature = temperature });
        for (var place = 0; place < 3; place++)
        {
            float[] logits = [0, 1, 2];
            logits[place] = bad;
            var error = Assert.Throws<GptException>(() => sampler.Sample(logits));
            Assert.Equal(("LogitsNotFinite", GptErrorKind.InvalidData), (error.ErrorId, error.Kind));
            Assert.Contains($"token {place} ", error.Message, StringComparison.Ordinal);
        }

        float[] nothing = [float.NegativeInfinity, float.NegativeInfinity];
        Assert.Equal("LogitsNotFinite", Assert.Throws<GptException>(() => sampler.Sample(nothing)).ErrorId);
    }

    [Fact]
    public void The_same_seed_gives_the_same_tokens_and_another_seed_others()
    {
        var logits = RandomLogits(100, seed: 1);
        int[] Draw(ulong seed)
        {
            var sampler = SamplerChain.Of(new SamplingOptions { Seed = seed, TopK = 50, TopP = 0.9f });
            return [.. Enumerable.Range(0, 50).Select(_ => sampler.Sample(logits))];
        }

        Assert.Equal(Draw(4), Draw(4));
        Assert.NotEqual(Draw(4), Draw(5));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(40, null)]
    [InlineData(null, 0.9f)]
    [InlineData(40, 0.9f)]
    public void A_token_allocates_nothing(int? topK, float? topP)
    {
        var logits = RandomLogits(2000, seed: 1);
        var sampler = SamplerChain.Of(new SamplingOptions { TopK = topK, TopP = topP });
        Assert.Equal(0, Allocation.Of(() => sampler.Sample(logits)));
    }

    /// <summary>The probability of every token that remains, straight from the definitions.</summary>
    private static Dictionary<int, double> Reference(float[] logits, float temperature, int? topK, float? topP)
    {
        var ranked = logits.Select((logit, id) => (Id: id, Scaled: logit / (double)temperature))
            .OrderByDescending(token => token.Scaled).ThenBy(token => token.Id).Take(topK ?? logits.Length).ToList();
        var probabilities = Normalise(ranked.ToDictionary(token => token.Id, token => Math.Exp(token.Scaled - ranked[0].Scaled)));
        if (topP is null)
            return probabilities;

        var nucleus = new Dictionary<int, double>();
        foreach (var (id, _) in ranked)
        {
            nucleus.Add(id, probabilities[id]);
            if (nucleus.Values.Sum() >= topP)
                break;
        }

        return Normalise(nucleus);
    }

    private static Dictionary<int, double> Normalise(Dictionary<int, double> weights)
    {
        var sum = weights.Values.Sum();
        return weights.ToDictionary(pair => pair.Key, pair => pair.Value / sum);
    }

    /// <summary>What chi-square stays below in all but one of 10,000 cases (Wilson and Hilferty's approximation).</summary>
    private static double ChiSquareLimit(int degreesOfFreedom)
    {
        var spread = 2.0 / (9 * Math.Max(1, degreesOfFreedom));
        return Math.Max(1, degreesOfFreedom) * Math.Pow(1 - spread + (3.719 * Math.Sqrt(spread)), 3);
    }

    private static float[] RandomLogits(int count, ulong seed, double scale = 1.5)
    {
        var random = new RandomStream(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextNormal() * scale))];
    }
}
