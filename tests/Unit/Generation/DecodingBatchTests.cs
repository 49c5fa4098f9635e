using PsGpt.Generation;
using PsGpt.Kernels;
using PsGpt.Kernels.Threading;
using PsGpt.Model;
using PsGpt.Unit.Data;

namespace PsGpt.Unit.Generation;

public sealed class DecodingBatchTests
{
    private static readonly string[] Prompts = ["a", "hello", "hello", "a full wind", "xyz", "", "hello", "twelve chars"];

    [Fact]
    public void Texts_that_are_made_together_are_what_they_are_alone()
    {
        using var model = NewModel();
        using var together = new TextGenerator(model);
        using var alone = new TextGenerator(model);
        var requests = Prompts.Select((prompt, i) => together.Request(prompt, Options(i))).ToList();
        var results = together.CompleteAll(requests);
        for (var i = 0; i < Prompts.Length; i++)
        {
            var expected = alone.Complete(Prompts[i], Options(i));
            var actual = results[i].Completion!;
            Assert.Equal(expected.Tokens, actual.Tokens);
            Assert.Equal((expected.Prompt, expected.Text, expected.FinishReason), (actual.Prompt, actual.Text, actual.FinishReason));
            Assert.Equal(
                expected.LogProbabilities!.Select(item => item.LogProbability),
                actual.LogProbabilities!.Select(item => item.LogProbability));
        }
    }

    [Theory]
    [ClassData(typeof(KernelNames))]
    public void Streams_that_step_together_have_the_bits_that_they_have_alone_with_any_number_of_threads(string name)
    {
        using var model = NewModel();
        using var decoder = new GptDecoder(model, KernelNames.Get(name), streamCount: 5);
        var oneThread = KernelCatalog.GetAvailable(new ThreadTeam(1)).Single(kernels => kernels.Name == name);
        using var single = new GptDecoder(model, oneThread);
        int[] streams = [4, 0, 2], lengths = [1, 3, 7];
        for (var i = 0; i < streams.Length; i++)
            decoder.Append(streams[i], Text(i, lengths[i]));
        for (var step = 0; step < 3; step++)
            decoder.Step(streams, [.. streams.Select((_, i) => Text(i, lengths[i] + step + 1)[^1])]);
        for (var i = 0; i < streams.Length; i++)
        {
            single.Reset();
            single.Append(Text(i, lengths[i]));
            for (var step = 0; step < 3; step++)
                single.Append(Text(i, lengths[i] + step + 1).AsSpan(lengths[i] + step));
            Assert.True(single.LogitsOf(0).SequenceEqual(decoder.LogitsOf(streams[i])));
        }
    }

    [Fact]
    public void A_text_that_fails_does_not_spoil_the_others()
    {
        using var model = NewModel();
        using var generator = new TextGenerator(model);
        var results = generator.CompleteAll(
        [
            generator.Request("a", Options(1)),
            generator.Request("b", Options(2) with { Ban = [.. Enumerable.Range(0, 256).Select(id => new[] { id })] }),
            generator.Request("c", Options(3)),
        ]);
        Assert.Equal([null, "NoTokenLeft", null], results.Select(result => result.Error?.ErrorId));
        Assert.Equal([20, 20], results.Where(result => result.Completion is not null).Select(result => result.Completion!.Tokens.Count));
    }

    private static int[] Text(int stream, int length)
    {
        var random = new RandomStream((ulong)stream);
        return [.. Enumerable.Range(0, length).Select(_ => random.NextInt32(256))];
    }

    private static SamplingOptions Options(int i) =>
        new() { MaxTokens = i == 4 ? 5 : 20, Temperature = 1.5f, Seed = (ulong)i, LogProbability = true };

    private static GptModel NewModel()
    {
        var model = ModelInitializer.Create(
            new GptConfiguration { VocabularySize = 259, ContextLength = 12, LayerCount = 2, HeadCount = 3, ChannelCount = 36 },
            new ByteTokenizer(endOfTextToken: 7), seed: 3);
        var random = new RandomStream(5);
        foreach (var tensor in model.Weights.Tensors)
        {
            foreach (ref var value in tensor.Span)
                value += (float)(random.NextNormal() * 0.2);
        }

        return model;
    }
}
