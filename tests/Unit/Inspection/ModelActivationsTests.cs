using PsGpt.Inspection;
using PsGpt.Model;
using PsGpt.Unit.Model;

namespace PsGpt.Unit.Inspection;

public sealed class ModelActivationsTests
{
    private static readonly GptConfiguration Small =
        new() { VocabularySize = 17, ContextLength = 8, LayerCount = 2, HeadCount = 2, ChannelCount = 16 };

    /// <summary>The formulas in double precision are held to PyTorch's logits, and every activation to the formulas.</summary>
    [FixtureTheory]
    [InlineData("gpt2-tiny")]
    [InlineData("gptpy-tiny")]
    public void Every_activation_is_that_of_the_formulas(string folder)
    {
        using var reference = ReferenceModel.Load(folder);
        var T = reference.Batch.SequenceLength;
        var tokens = reference.Batch.Inputs[..T];
        var expected = new ReferenceForward(reference.Model, tokens).Values;
        var logits = reference.Expected.Floats("logits")[..(T * reference.Model.Configuration.VocabularySize)];
        AssertClose("PyTorch's logits", expected["logits"], logits, 1e-6);

        var activations = ModelActivations.Compute(reference.Model, tokens);
        Assert.Equal(expected.Keys.Order(), activations.Select(tensor => tensor.Name).Order());
        foreach (var tensor in activations)
            AssertClose(tensor.Name, expected[tensor.Name], tensor.ToArray(), 1e-5);
    }

    [Theory]
    [InlineData(24)]
    [InlineData(100)]
    public void A_feed_forward_part_may_have_a_width_of_its_own(int width)
    {
        using var model = ModelInitializer.Create(Small with { OwnFeedForwardWidth = width }, null, seed: 1);
        int[] tokens = [3, 1, 4, 1, 5];
        var expected = new ReferenceForward(model, tokens).Values;
        foreach (var tensor in ModelActivations.Compute(model, tokens))
            AssertClose(tensor.Name, expected[tensor.Name], tensor.ToArray(), 1e-5);
    }

    [Fact]
    public void Logits_have_the_bits_of_the_model_s_own_pass()
    {
        using var model = SmallModel();
        int[] tokens = [3, 1, 4, 1, 5, 9, 2];
        using var pass = new GptPass(model, 1, tokens.Length, forTraining: false);
        var expected = new float[tokens.Length * model.Configuration.VocabularySize];
        pass.ComputeLogits(tokens, expected);
        Assert.Equal(expected, ModelActivations.Compute(model, tokens, name => name == "logits").Single().ToArray());
    }

    [Fact]
    public void Attention_has_the_axes_head_query_and_key_with_their_labels()
    {
        using var model = SmallModel();
        var attention = ModelActivations.Compute(model, [3, 1, 4], name => name == "h.1.att").Single();
        Assert.Equal([2, 3, 3], attention.Shape);
        Assert.Equal(["0", "1"], attention.LabelsOf(0)!);
        Assert.Equal(["3", "1", "4"], attention.LabelsOf(1)!);
        Assert.Equal(["3", "1", "4"], attention.LabelsOf(2)!);
        Assert.Equal(0f, attention[0, 0, 1]);
        Assert.Equal(1f, attention[0, 0, 0]);
    }

    [Fact]
    public void Axes_have_names_and_the_vocabulary_the_texts_of_its_tokens()
    {
        using var model = SmallModel();
        var logits = ModelActivations.Compute(model, [3, 1], name => name == "logits").Single();
        Assert.Equal(("token", "vocabulary"), (logits.NameOf(0), logits.NameOf(1)));
        Assert.Equal(17, logits.LabelsOf(1)!.Count);
        Assert.Equal("16", logits.LabelsOf(1)![16]);
        var part = logits.Slice("0..1", "4..6").Slice(1, "1..2");
        Assert.Equal(["5", "6"], part.LabelsOf(0)!);
        Assert.Equal("vocabulary", part.NameOf(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => part.LabelsOf(0)![2]);
    }

    [Fact]
    public void A_text_that_cannot_be_read_is_an_error_that_says_why()
    {
        var model = SmallModel();
        Assert.Equal("TextEmpty", ErrorOf([]).ErrorId);
        Assert.Equal("TokenOutsideVocabulary", ErrorOf([17]).ErrorId);
        Assert.Equal("SequenceTooLong", ErrorOf(new int[9]).ErrorId);
        using (var cancelled = new CancellationTokenSource())
        {
            cancelled.Cancel();
            Assert.Throws<OperationCanceledException>(() => ModelActivations.Compute(model, [1], null, cancelled.Token));
        }

        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => ModelActivations.Compute(model, [1]));

        GptException ErrorOf(int[] tokens) => Assert.Throws<GptException>(() => ModelActivations.Compute(model, tokens));
    }

    private static GptModel SmallModel() => ModelInitializer.Create(Small, null, seed: 1);

    private static void AssertClose(string name, double[] expected, float[] actual, double relativeToLargest)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = expected.Max(Math.Abs);
        var difference = expected.Zip(actual).Max(pair => double.IsNaN(pair.Second) ? double.MaxValue : Math.Abs(pair.First - pair.Second));
        Assert.True(difference <= relativeToLargest * largest, $"{name}: {difference} of {largest}");
    }
}
