using PsGpt.Data;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Unit.Model;

public sealed class GptPassTests
{
    private static readonly GptConfiguration Configuration = new()
    {
        VocabularySize = 29, ContextLength = 16, LayerCount = 2, HeadCount = 2, ChannelCount = 32,
    };

    private static TokenBatch Batch(int[] targets, int rows = 2, int length = 4, string? tokenizer = null) =>
        new([.. Enumerable.Range(0, rows * length).Select(i => i % 29)], targets, rows, length, tokenizer);

    // A narrow feed-forward part is no reason to write the gradients of queries, keys and values past the end of the memory.
    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public void The_memory_of_the_backward_pass_holds_the_widest_gradient(int feedForwardWidth)
    {
        var configuration = Configuration with { OwnFeedForwardWidth = feedForwardWidth };
        var wide = BackwardPass.ScratchShapes(configuration, rowCount: 3).Single(shape => shape.Name == "wide");
        Assert.Equal(3 * Math.Max(feedForwardWidth, 3 * configuration.ChannelCount), wide.Length);
    }

    [Fact]
    public void Ignored_targets_take_no_part_in_loss_and_gradient()
    {
        using var model = ModelInitializer.Create(Configuration, null, seed: 1);
        using var whole = new GptPass(model, 2, 4);
        using var oneRow = new GptPass(model, 1, 4);
        var loss = whole.ComputeGradients(Batch([1, 2, 3, 4, -1, -1, -1, -1]));
        Assert.Equal(oneRow.ComputeGradients(Batch([1, 2, 3, 4], rows: 1)), loss, 1e-6);
        var expected = oneRow.Gradients["qkvw"].Span.ToArray();
        var actual = whole.Gradients["qkvw"].Span.ToArray();
        var largest = expected.Max(MathF.Abs);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * largest));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Two_replicas_have_the_loss_and_the_gradients_of_their_sequences(int batchCount)
    {
        // 3 x 200 tokens go through two replicas, 1 x 200 through one. Of the last sequence half of the targets count.
        using var model = ModelInitializer.Create(Configuration with { ContextLength = 200 }, null, seed: 1);
        using GptPass replicated = new(model, 3, 200), single = new(model, 1, 200);
        var (loss, expectedLoss) = (0f, 0f);
        var expected = new double[All(replicated.Gradients).Length];
        for (var batch = 0; batch < batchCount; batch++)
        {
            var random = new RandomStream((ulong)batch);
            int[] inputs = [.. Enumerable.Range(0, 600).Select(_ => random.NextInt32(29))];
            int[] targets = [.. Enumerable.Range(0, 600).Select(i => i < 500 ? random.NextInt32(29) : -1)];
            loss += replicated.ComputeGradients(new TokenBatch(inputs, targets, 3, 200, null), accumulate: batch > 0);
            for (var sequence = 0; sequence < 3; sequence++)
            {
                var (range, weight) = ((200 * sequence)..(200 * (sequence + 1)), (sequence < 2 ? 200 : 100) / 500f);
                expectedLoss += weight * single.ComputeGradients(new TokenBatch(inputs[range], targets[range], 1, 200, null));
                expected = [.. expected.Zip(All(single.Gradients), (sum, value) => sum + (weight * value))];
            }
        }

        Assert.Equal(expectedLoss, loss, 1e-5);
        var largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(All(replicated.Gradients)), pair => Assert.Equal(pair.First, pair.Second, 2e-6 * largest));

        static float[] All(TensorSet set) => [.. set.Tensors.SelectMany(tensor => tensor.Span.ToArray())];
    }

    [Fact]
    public void The_loss_and_the_logits_of_two_replicas_are_those_of_one()
    {
        using var model = ModelInitializer.Create(Configuration with { ContextLength = 200, Dropout = 0.3f }, null, seed: 1);
        using GptPass replicated = new(model, 3, 200), plain = new(model, 3, 200, forTraining: false);
        var random = new RandomStream(1);
        int[] inputs = [.. Enumerable.Range(0, 600).Select(_ => random.NextInt32(29))], targets = [.. inputs.Reverse()];
        var batch = new TokenBatch(inputs, targets, 3, 200, null);
        Assert.Equal(plain.ComputeLoss(batch), replicated.ComputeLoss(batch), 1e-6);
        float[] expected = new float[600 * 29], actual = new float[600 * 29];
        plain.ComputeLogits(inputs, expected);
        replicated.ComputeLogits(inputs, actual);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void Replicas_do_not_drop_the_same_values()
    {
        // Two equal sequences: with the same masks both replicas would have the same loss, which is then that of the batch.
        using var model = ModelInitializer.Create(Configuration with { ContextLength = 256, Dropout = 0.3f }, null, seed: 1);
        using GptPass replicated = new(model, 2, 256), single = new(model, 1, 256);
        var random = new RandomStream(1);
        int[] tokens = [.. Enumerable.Range(0, 256).Select(_ => random.NextInt32(29))];
        var first = single.ComputeGradients(new TokenBatch(tokens, tokens, 1, 256, null), dropoutSeed: 5);
        int[] both = [.. tokens, .. tokens];
        Assert.NotEqual(first, replicated.ComputeGradients(new TokenBatch(both, both, 2, 256, null), dropoutSeed: 5), 1e-4f);
    }

    /// <summary>A layer may travel to other processes when it is reported: nothing of it may change any more.</summary>
    [Theory]
    [InlineData(1, 100)]
    [InlineData(3, 200)]
    public void A_layer_is_reported_when_its_gradients_are_final(int rows, int length)
    {
        using var model = ModelInitializer.Create(Configuration with { ContextLength = 200, LayerCount = 3 }, null, seed: 1);
        using var pass = new GptPass(model, rows, length);
        var random = new RandomStream(1);
        int[] tokens = [.. Enumerable.Range(0, rows * length).Select(_ => random.NextInt32(29))];
        var batch = new TokenBatch(tokens, [.. tokens.Reverse()], rows, length, null);
        var reported = new List<(int Layer, float[] Gradients)>();
        pass.ComputeGradientsByLayer(batch, 0, false, 0, layer => reported.Add((layer, LayerOf(pass.Gradients, layer))), default);
        Assert.Equal([2, 1, 0], reported.Select(report => report.Layer));
        Assert.All(reported, report => Assert.Equal(LayerOf(pass.Gradients, report.Layer), report.Gradients));
        Assert.All(reported, report => Assert.Contains(report.Gradients, value => value != 0));
    }

    private static float[] LayerOf(TensorSet set, int layer) =>
        [.. set.Tensors.Where(tensor => tensor.Shape.IsStacked).SelectMany(tensor => tensor.Slice(layer).ToArray())];

    [Fact]
    public void A_fresh_model_knows_nothing()
    {
        // Weights of 0.02 give logits near 0, so the loss is near ln V.
        using var model = ModelInitializer.Create(Configuration, null, seed: 1);
        using var pass = new GptPass(model, 2, 4, forTraining: false);
        Assert.Equal(Math.Log(29), pass.ComputeLoss(Batch([1, 2, 3, 4, 5, 6, 7, 8])), 0.1);
    }

    [Fact]
    public void Dropout_acts_in_training_only_and_follows_its_seed()
    {
        using var model = ModelInitializer.Create(Configuration with { Dropout = 0.5f }, null, seed: 1);
        using var pass = new GptPass(model, 2, 4);
        var batch = Batch([1, 2, 3, 4, 5, 6, 7, 8]);
        Assert.Equal(pass.ComputeLoss(batch), pass.ComputeLoss(batch));
        var first = pass.ComputeGradients(batch, dropoutSeed: 1);
        Assert.Equal(first, pass.ComputeGradients(batch, dropoutSeed: 1));
        Assert.NotEqual(first, pass.ComputeGradients(batch, dropoutSeed: 2));
        Assert.NotEqual(first, pass.ComputeLoss(batch));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.4)]
    public void Gradients_with_dropout_are_those_of_the_scalar_kernels(double rate)
    {
        using var model = ModelInitializer.Create(Configuration with { Dropout = (float)rate }, null, seed: 1);
        var batch = Batch([1, 2, 3, 4, 5, 6, 7, 8]);
        using var expected = new GptPass(model, 2, 4, forTraining: true, KernelNames.Get("scalar"));
        using var actual = new GptPass(model, 2, 4);
        Assert.Equal(expected.ComputeGradients(batch, dropoutSeed: 3), actual.ComputeGradients(batch, dropoutSeed: 3), 1e-6);
        foreach (var tensor in expected.Gradients.Tensors)
        {
            var largest = Math.Max(1e-6f, tensor.Span.ToArray().Max(MathF.Abs));
            var pairs = tensor.Span.ToArray().Zip(actual.Gradients[tensor.Name].Span.ToArray());
            Assert.All(pairs, pair => Assert.Equal(pair.First, pair.Second, 1e-5 * largest));
        }
    }

    [Theory]
    [InlineData(0, 4, "BatchShapeInvalid")]
    [InlineData(2, 0, "BatchShapeInvalid")]
    [InlineData(1, 17, "SequenceTooLong")]
    [InlineData(int.MaxValue, 16, "BatchShapeInvalid")]
    public void Impossible_shapes_are_refused(int batchSize, int sequenceLength, string errorId)
    {
        using var model = ModelInitializer.Create(Configuration, null, seed: 1);
        Assert.Equal(errorId, Assert.Throws<GptException>(() => new GptPass(model, batchSize, sequenceLength)).ErrorId);
    }

    [Fact]
    public void Bad_batches_are_refused()
    {
        using var model = ModelInitializer.Create(Configuration, null, seed: 1);
        using var pass = new GptPass(model, 2, 4);
        string ErrorOf(TokenBatch batch) => Assert.Throws<GptException>(() => pass.ComputeGradients(batch)).ErrorId;
        Assert.Equal("TokenOutsideVocabulary", ErrorOf(Batch([1, 2, 3, 4, 5, 6, 7, 29])));
        Assert.Equal("TokenOutsideVocabulary", ErrorOf(Batch([1, 2, 3, 4, 5, 6, 7, -2])));
        Assert.Equal("NoTargets", ErrorOf(Batch([-1, -1, -1, -1, -1, -1, -1, -1])));
        Assert.Equal("BatchShapeInvalid", ErrorOf(Batch([1, 2, 3, 4], rows: 1)));
    }
}
