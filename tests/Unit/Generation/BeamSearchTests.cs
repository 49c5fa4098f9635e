using PsGpt.Generation;
using PsGpt.Model;
using PsGpt.Unit.Data;

namespace PsGpt.Unit.Generation;

public sealed class BeamSearchTests
{
    private const int EndOfText = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Beams_find_what_the_published_rules_find(int beamCount)
    {
        for (ulong seed = 0; seed < 6; seed++)
        {
            using var model = NewModel(seed);
            using var generator = new TextGenerator(model);
            var expected = Reference(model, [65, 66], beamCount, maxTokens: 7);
            var request = generator.Request([65, 66], new SamplingOptions { BeamCount = beamCount, MaxTokens = 7 });
            var actual = generator.Search(request, beamCount);
            Assert.Equal(expected.Select(item => string.Join(' ', item.Tokens)), actual.Select(item => string.Join(' ', item.Tokens)));
            Assert.Equal(expected.Select(item => item.Ends), actual.Select(item => item.FinishReason == FinishReason.EndOfText));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    public void Beams_go_on_beyond_the_context_from_the_last_half_of_it(int contextLength)
    {
        for (ulong seed = 0; seed < 4; seed++)
        {
            using var model = NewModel(seed, contextLength);
            model.Weights["lmheadb"].Span[EndOfText] = -20;
            using var generator = new TextGenerator(model);
            var expected = Reference(model, [65], beamCount: 3, maxTokens: 13);
            var actual = generator.Search(generator.Request([65], new SamplingOptions { BeamCount = 3, MaxTokens = 13 }), 3);
            Assert.Equal(expected.Select(item => string.Join(' ', item.Tokens)), actual.Select(item => string.Join(' ', item.Tokens)));
        }
    }

    [Fact]
    public void One_beam_takes_the_likeliest_token_each_time()
    {
        using var model = NewModel(3);
        using var generator = new TextGenerator(model);
        var options = new SamplingOptions { MaxTokens = 30, IgnoreEndOfText = true, Temperature = 0 };
        Assert.Equal(generator.Complete("ab", options).Tokens, generator.Complete("ab", options with { BeamCount = 1 }).Tokens);
    }

    [Fact]
    public void A_search_ends_at_a_stop_string_and_keeps_log_probabilities()
    {
        using var model = ChainModel.Following("abcdef"u8.ToArray());
        using var generator = new TextGenerator(model);
        var options = new SamplingOptions { BeamCount = 2, MaxTokens = 9, StopString = ["de"], LogProbability = true };
        var completion = generator.Complete("a", options);
        Assert.Equal(("bc", FinishReason.StopString), (completion.Text, completion.FinishReason));
        Assert.Equal("bc", string.Concat(completion.LogProbabilities!.Select(item => item.Text)));
    }

    [Fact]
    public void What_beams_cannot_do_is_refused()
    {
        using var model = NewModel(1);
        using var generator = new TextGenerator(model);
        var request = generator.Request("a", new SamplingOptions { BeamCount = 2 });
        Assert.Equal("SamplingInvalid", Assert.Throws<GptException>(() => generator.Search(request, 3)).ErrorId);
        Assert.Equal("SamplingInvalid", Assert.Throws<GptException>(() => generator.Stream(request)).ErrorId);
    }

    [Fact]
    public void A_stopped_search_gives_what_it_has()
    {
        using var model = NewModel(1);
        using var generator = new TextGenerator(model);
        using var cancellation = new CancellationTokenSource();
        var request = generator.Request("a", new SamplingOptions { BeamCount = 2, MaxTokens = 100, IgnoreEndOfText = true });
        var completions = generator.Search(request, 1, cancellation.Token, length =>
        {
            if (length == 4)
                cancellation.Cancel();
        });
        Assert.Equal((4, FinishReason.Stopped), (completions[0].Tokens.Count, completions[0].FinishReason));
    }

    /// <summary>Beam search as generate() has it, from whole forward passes and sorted lists.</summary>
    private static List<(int[] Tokens, bool Ends)> Reference(GptModel model, int[] prompt, int beamCount, int maxTokens)
    {
        List<(int[] Tokens, double Score)> running = [([], 0)];
        List<(int[] Tokens, double Score, bool Ends)> finished = [];
        for (var length = 1; ; length++)
        {
            var candidates = running
                .SelectMany(beam => LogSoftmax(model, [.. prompt, .. beam.Tokens])
                    .Select((value, id) => (Tokens: (int[])[.. beam.Tokens, id], Score: beam.Score + value)))
                .OrderByDescending(item => item.Score).Take(2 * beamCount).ToList();
            bool Hits(int[] tokens) => tokens[^1] == EndOfText || length == maxTokens;
            finished.AddRange(candidates.Take(beamCount).Where(item => Hits(item.Tokens))
                .Select(item => (item.Tokens, item.Score / length, item.Tokens[^1] == EndOfText)));
            finished = [.. finished.OrderByDescending(item => item.Score).Take(beamCount)];
            running = [.. candidates.Where(item => !Hits(item.Tokens)).Take(beamCount)];
            if (running.Count == 0 || (finished.Count == beamCount && running[0].Score / length <= finished[^1].Score))
                return [.. finished.Select(item => ((int[])[.. item.Tokens.TakeWhile(id => id != EndOfText)], item.Ends))];
        }
    }

    /// <summary>A context that is full is read again from the last half of it; an odd one from the smaller half, one of 1 whole.</summary>
    private static int[] Window(int[] tokens, int contextLength)
    {
        var length = 0;
        for (var count = 1; count <= tokens.Length; count++)
            length = length < contextLength ? length + 1 : Math.Max(1, contextLength / 2);
        return tokens[^length..];
    }

    private static double[] LogSoftmax(GptModel model, int[] text)
    {
        var tokens = Window(text, model.Configuration.ContextLength);
        using var pass = new GptPass(model, 1, tokens.Length, forTraining: false);
        var logits = new float[tokens.Length * 256];
        pass.ComputeLogits(tokens, logits);
        var last = logits[^256..];
        var total = Math.Log(last.Sum(value => Math.Exp(value)));
        return [.. last.Select(value => value - total)];
    }

    private static GptModel NewModel(ulong seed, int contextLength = 16)
    {
        var model = ModelInitializer.Create(
            new GptConfiguration
            {
                VocabularySize = 256, ContextLength = contextLength, LayerCount = 1, HeadCount = 2, ChannelCount = 16, HasTiedHead = false,
                HasHeadBias = true,
            },
            new ByteTokenizer(endOfTextToken: EndOfText), seed);
        var random = new RandomStream(seed);
        foreach (ref var value in model.Weights["lmheadw"].Span)
            value = (float)random.NextNormal();

        // An end of text that often is among the best, and a few other likely tokens.
        foreach (var token in new[] { EndOfText, 70, 71, 72 })
            model.Weights["lmheadb"].Span[token] = 4;
        return model;
    }
}
