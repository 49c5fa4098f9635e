using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Unit.Model;

public sealed class GptDecoderTests
{
    private static readonly GptConfiguration Configuration = new()
    {
        VocabularySize = 61, ContextLength = 37, LayerCount = 2, HeadCount = 3, ChannelCount = 48,
    };

    private static int[] Tokens(int count)
    {
        var random = new RandomStream(9);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextInt32(Configuration.VocabularySize))];
    }

    // A norm of unit size feeds the head, and cached and uncached paths sum in another order: a few 1e-6 of the largest logit.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(20)]
    [InlineData(36)]
    public void With_the_cache_the_logits_are_those_without(int promptLength)
    {
        using var model = ModelInitializer.Create(Configuration, null, seed: 1);
        var tokens = Tokens(Configuration.ContextLength);
        using var pass = new GptPass(model, 1, tokens.Length, forTraining: false);
        var whole = new float[tokens.Length * Configuration.VocabularySize];
        pass.ComputeLogits(tokens, whole);

        using var decoder = new GptDecoder(model);
        AssertRow(promptLength - 1, decoder.Append(tokens.AsSpan(0, promptLength)));
        for (var t = promptLength; t < tokens.Length - 2; t++)
            AssertRow(t, decoder.Append(tokens.AsSpan(t, 1)));
        if (promptLength < tokens.Length - 2)
            AssertRow(tokens.Length - 1, decoder.Append(tokens.AsSpan(tokens.Length - 2, 2)));

        void AssertRow(int row, ReadOnlySpan<float> logits)
        {
            for (var v = 0; v < Configuration.VocabularySize; v++)
                Assert.Equal(whole[(row * Configuration.VocabularySize) + v], logits[v], 3e-6);
        }
    }

    [Theory]
    [InlineData(WeightDataType.Float32, WeightDataType.Float32)]
    [InlineData(WeightDataType.Float32, WeightDataType.BFloat16)]
    [InlineData(WeightDataType.Float32, WeightDataType.Q8_0)]
    [InlineData(WeightDataType.BFloat16, WeightDataType.Float32)]
    [InlineData(WeightDataType.Q8_0, WeightDataType.Float32)]
    public void A_short_prompt_has_the_bits_of_its_tokens_one_by_one(WeightDataType type, WeightDataType cacheType)
    {
        using var wide = ModelInitializer.Create(Configuration, null, seed: 1);
        using var narrow = type == WeightDataType.Float32 ? null : NarrowModel.Of(wide, type);
        var model = narrow ?? wide;
        using GptDecoder whole = new(model, cacheType: cacheType), single = new(model, cacheType: cacheType);
        foreach (var length in new[] { 2, 5, 8 })
        {
            whole.Reset();
            single.Reset();
            whole.Append(Tokens(length));
            foreach (var token in Tokens(length))
                single.Append([token]);
            Assert.Equal(single.LogitsOf(0).ToArray(), whole.LogitsOf(0).ToArray());
        }
    }

    // A key or value errs by half a unit of its 8 bits: 1/256 of itself, or 1/254 of the largest of its block.
    [Theory]
    [InlineData(WeightDataType.BFloat16)]
    [InlineData(WeightDataType.Q8_0)]
    public void A_cache_in_fewer_bits_changes_little_and_is_the_same_for_a_prompt_and_its_tokens(WeightDataType type)
    {
        using var model = ModelInitializer.Create(Configuration, null, seed: 1);
        var tokens = Tokens(30);
        using GptDecoder exact = new(model), whole = new(model, cacheType: type), single = new(model, cacheType: type);
        exact.Append(tokens);
        whole.Append(tokens);
        foreach (var token in tokens)
            single.Append([token]);
        Assert.NotEqual(exact.LogitsOf(0).ToArray(), whole.LogitsOf(0).ToArray());
        for (var v = 0; v < Configuration.VocabularySize; v++)
        {
            Assert.Equal(exact.LogitsOf(0)[v], whole.LogitsOf(0)[v], 2e-3);
            Assert.Equal(single.LogitsOf(0)[v], whole.LogitsOf(0)[v], 2e-5);
        }
    }

    [Theory]
    [InlineData(WeightDataType.Float32)]
    [InlineData(WeightDataType.BFloat16)]
    [InlineData(WeightDataType.Q8_0)]
    public void A_stream_that_is_copied_continues_with_the_same_bits(WeightDataType type)
    {
        using var model = ModelInitializer.Create(Configuration, null, seed: 1);
        using var decoder = new GptDecoder(model, streamCount: 3, type);
        decoder.Append(0, Tokens(9));
        decoder.Append(1, Tokens(4));
        decoder.Copy(0, 2);
        decoder.Step([1, 0, 2], [5, 6, 6]);
        Assert.Equal(decoder.LogitsOf(0).ToArray(), decoder.LogitsOf(2).ToArray());
        Assert.NotEqual(decoder.LogitsOf(0).ToArray(), decoder.LogitsOf(1).ToArray());
    }

    [Fact]
    public void After_a_reset_the_stream_starts_again()
    {
        using var model = ModelInitializer.Create(Configuration, null, seed: 1);
        using var decoder = new GptDecoder(model);
        var first = decoder.Append(Tokens(5)).ToArray();
        decoder.Append(Tokens(9));
        decoder.Reset();
        Assert.Equal(0, decoder.Position);
        Assert.Equal(first, decoder.Append(Tokens(5)).ToArray());
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_leaves_the_position()
    {
        using var model = ModelInitializer.Create(Configuration, null, seed: 1);
        using var decoder = new GptDecoder(model);
        decoder.Append(Tokens(30));
        Assert.Equal("ContextExceeded", Assert.Throws<GptException>(() => decoder.Append(Tokens(8)).ToArray()).ErrorId);
        Assert.Equal("TokenOutsideVocabulary", Assert.Throws<GptException>(() => decoder.Append([61]).ToArray()).ErrorId);
        Assert.Equal("TokenOutsideVocabulary", Assert.Throws<GptException>(() => decoder.Append([-1]).ToArray()).ErrorId);
        Assert.Throws<OperationCanceledException>(() => decoder.Append(Tokens(2), new CancellationToken(canceled: true)).ToArray());
        Assert.Equal(30, decoder.Position);
    }
}
