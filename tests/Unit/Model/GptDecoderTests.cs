using PsGpt.Model;

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
