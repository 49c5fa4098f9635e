using PsGpt.Generation;

namespace PsGpt.Unit.Generation;

/// <summary>Each sampler against its published formula in double precision.</summary>
public sealed class SamplerFormulaTests
{
    private const float Out = float.NegativeInfinity;

    private static readonly float[] Logits = [1.5f, -0.5f, 0.25f, -2, 3, 0.75f];

    [Fact]
    public void Temperature_divides_up_to_a_shift()
    {
        var actual = Apply(new TemperatureSampler(0.7f), Logits);
        for (var id = 0; id < Logits.Length; id++)
            Assert.Equal((Logits[id] - 3) / 0.7, actual[id], 1e-6);
    }

    [Fact]
    public void A_repetition_penalty_divides_positive_logits_and_multiplies_negative_ones_once() =>
        AssertClose(
            [1.5 / 1.3, -0.5 * 1.3, 0.25, -2, 3 / 1.3, 0.75],
            Apply(new RepetitionPenaltySampler(1.3f), Logits, [0, 1, 4, 4, 1], promptLength: 2));

    [Fact]
    public void Frequency_and_presence_count_what_was_generated_only() =>
        AssertClose(
            [1.5, -0.5 - 0.4 - 0.3, 0.25, -2, 3 - (2 * 0.4) - 0.3, 0.75],
            Apply(new FrequencyPenaltySampler(0.4f, 0.3f), Logits, [0, 1, 4, 4, 1], promptLength: 2));

    [Theory]
    [InlineData(1, new[] { 1, 2, 1, 3, 1, 2 }, new[] { 1, 2, 3 })]
    [InlineData(2, new[] { 1, 2, 1, 3, 1 }, new[] { 2, 3 })]
    [InlineData(3, new[] { 1, 2, 5, 4, 1, 2 }, new[] { 5 })]
    [InlineData(3, new[] { 1, 2 }, new int[0])]
    [InlineData(2, new[] { 3 }, new int[0])]
    public void A_sequence_of_tokens_does_not_repeat(int size, int[] text, int[] ruledOut)
    {
        var actual = Apply(new NoRepeatNgramSampler(size), Logits, text, promptLength: 1);
        for (var id = 0; id < Logits.Length; id++)
            Assert.Equal(ruledOut.Contains(id) ? Out : Logits[id], actual[id]);
    }

    [Fact]
    public void A_bias_is_added_where_the_rest_of_its_sequence_precedes()
    {
        var sampler = new SequenceBiasSampler([new([2], -5), new([0, 1, 4], 7), new([1, 3], 2), new([5, 4, 3, 2, 1], 9)]);
        AssertClose([1.5, -0.5, -4.75, 0, 10, 0.75], Apply(sampler, Logits, [0, 1], promptLength: 2));
        AssertClose([1.5, -0.5, -4.75, -2, 3, 0.75], Apply(sampler, Logits, [0], promptLength: 1));
    }

    [Fact]
    public void A_banned_sequence_cannot_be_completed()
    {
        var sampler = SequenceBiasSampler.Ban([[4], [0, 5]]);
        Assert.Equal([1.5f, -0.5f, 0.25f, -2, Out, 0.75f], Apply(sampler, Logits, [5], promptLength: 1));
        Assert.Equal([1.5f, -0.5f, 0.25f, -2, Out, Out], Apply(sampler, Logits, [0], promptLength: 1));
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void The_end_of_the_text_waits_for_enough_tokens(int generated, bool isRuledOut)
    {
        int[] text = [0, .. Enumerable.Repeat(1, generated)];
        Assert.Equal(isRuledOut ? Out : 3, Apply(new SuppressSampler([4], minTokens: 3), Logits, text, promptLength: 1)[4]);
        Assert.Equal(Out, Apply(new SuppressSampler([4]), Logits, text, promptLength: 1)[4]);
    }

    [Theory]
    [InlineData(0.05f)]
    [InlineData(0.3f)]
    [InlineData(1f)]
    [InlineData(0f)]
    public void Min_p_keeps_tokens_of_a_share_of_the_likeliest(float p)
    {
        var probabilities = Softmax(Logits);
        AssertKept(Enumerable.Range(0, 6).Where(id => probabilities[id] >= p * probabilities.Max()), Apply(new MinPSampler(p), Logits));
    }

    [Theory]
    [InlineData(0.2f)]
    [InlineData(0.5f)]
    [InlineData(0.9f)]
    [InlineData(0.999f)]
    public void Typical_p_keeps_the_tokens_nearest_to_the_entropy(float mass)
    {
        var probabilities = Softmax(Logits);
        var entropy = -probabilities.Sum(p => p * Math.Log(p));
        var order = Enumerable.Range(0, 6).OrderBy(id => Math.Abs(-Math.Log(probabilities[id]) - entropy)).ToArray();

        // The number of cumulative sums below the mass, and one more (transformers).
        var sums = order.Select((_, i) => order.Take(i + 1).Sum(id => probabilities[id])).ToArray();
        AssertKept(order.Take(Math.Min(sums.Count(sum => sum < mass) + 1, 6)), Apply(new TypicalPSampler(mass), Logits));
    }

    [Fact]
    public void Top_k_and_top_p_keep_what_remains_as_it_is()
    {
        AssertKept([4, 0, 5], Apply(new TopKSampler(3), Logits));
        AssertKept(Enumerable.Range(0, 6), Apply(new TopKSampler(6), Logits));
        var reached = Softmax(Logits);
        AssertKept([4, 0], Apply(new TopPSampler((float)(reached[4] + (reached[0] / 2))), Logits));
        AssertKept(Enumerable.Range(0, 6), Apply(new TopPSampler(1), Logits));
    }

    [Fact]
    public void Ruled_out_tokens_stay_ruled_out_and_count_for_nothing()
    {
        float[] logits = [0, Out, 0, Out];
        ISampler[] samplers =
        [
            new TemperatureSampler(2), new TopKSampler(3), new TopPSampler(0.9f), new MinPSampler(0.5f), new TypicalPSampler(0.9f),
            new RepetitionPenaltySampler(2),
        ];
        Assert.All(samplers, sampler => Assert.Equal(logits, Apply(sampler, logits, [1, 3], promptLength: 1)));
    }

    [Fact]
    public void The_chain_has_the_order_of_generate()
    {
        var options = new SamplingOptions
        {
            RepetitionPenalty = 2, LogitBias = [new([1], 3)], PresencePenalty = 0.25f, TopK = 2, Sampler = [OwnSampler.Of(new Doubling())],
        };
        var left = SamplerChain.Of(options).Apply(Logits, [0, 1], promptLength: 1).ToArray();

        // Token 1: ((-0.5 + 3) / 2 - 0.25) · 2 = 2 behind token 4, which has 3 · 2 = 6; then the temperature of 0.8 and top-k.
        Assert.Equal([Out, -5, Out, Out, 0, Out], left);
    }

    [Fact]
    public void What_rules_out_everything_or_makes_no_number_is_named()
    {
        var banned = SamplerChain.Of(new SamplingOptions { Ban = [[0], [1]] });
        Assert.Equal("NoTokenLeft", Assert.Throws<GptException>(() => banned.Sample([1, 2])).ErrorId);
        var broken = SamplerChain.Of(new SamplingOptions { Sampler = [OwnSampler.Of(new Doubling())] });
        Assert.Equal("SamplerFailed", Assert.Throws<GptException>(() => broken.Sample([1, 3e38f])).ErrorId);
    }

    [Fact]
    public void A_sampler_of_a_stranger_is_known_by_its_name()
    {
        var plugin = new SamplerPlugin("doubling", "Doubles.", _ => new Doubling());
        SamplerCatalog.Registry.Register(plugin);
        try
        {
            float[] logits = [1, 2];
            var sampler = SamplerCatalog.Registry.Get("Doubling").Create(new SamplerSetup(new SamplingOptions(), []));
            sampler!.Apply(logits, new SamplingState([], 0, new RandomStream(0)));
            Assert.Equal([2f, 4f], logits);
        }
        finally
        {
            SamplerCatalog.Registry.Unregister("doubling");
        }
    }

    [Fact]
    public void A_token_allocates_nothing_with_all_rules()
    {
        var random = new RandomStream(1);
        float[] logits = [.. Enumerable.Range(0, 2000).Select(_ => (float)random.NextNormal())];
        int[] text = [.. Enumerable.Range(0, 200)];
        var chain = SamplerChain.Of(
            new SamplingOptions
            {
                RepetitionPenalty = 1.1f, FrequencyPenalty = 0.1f, NoRepeatNgramSize = 3, MinTokens = 20, TopK = 50,
                TopP = 0.9f, MinP = 0.01f,
                TypicalP = 0.9f, LogitBias = [new([3, 4], 2)], Ban = [[7]],
            },
            5);
        Assert.Equal(0, Allocation.Of(() => chain.Sample(logits, text, 10)));
    }

    private static float[] Apply(ISampler sampler, float[] logits, int[]? text = null, int promptLength = 0)
    {
        float[] changed = [.. logits];
        sampler.Apply(changed, new SamplingState(text ?? [], promptLength, new RandomStream(1)));
        return changed;
    }

    private static double[] Softmax(float[] logits)
    {
        var sum = logits.Sum(logit => Math.Exp(logit));
        return [.. logits.Select(logit => Math.Exp(logit) / sum)];
    }

    private static void AssertKept(IEnumerable<int> kept, float[] actual) =>
        Assert.Equal(Enumerable.Range(0, Logits.Length).Select(id => kept.Contains(id) ? Logits[id] : Out), actual);

    private static void AssertClose(double[] expected, float[] actual)
    {
        for (var id = 0; id < expected.Length; id++)
            Assert.Equal(expected[id], actual[id], 1e-6);
    }

    private sealed class Doubling : ISampler
    {
        public void Apply(Span<float> logits, in SamplingState state)
        {
            foreach (ref var logit in logits)
                logit *= 2;
        }
    }
}
