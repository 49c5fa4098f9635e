using PsGpt.Evaluation;
using PsGpt.Formats;
using PsGpt.Inspection;
using PsGpt.Kernels;
using PsGpt.Kernels.Threading;
using PsGpt.Model;
using PsGpt.Samples;
using PsGpt.Tensors;
using PsGpt.Training;

namespace PsGpt.Unit.Model;

/// <summary>Models that keep their matrices in fewer bits.</summary>
public sealed class NarrowModelTests
{
    private static readonly GptConfiguration Configuration = new()
    {
        VocabularySize = 61, ContextLength = 40, LayerCount = 2, HeadCount = 3, ChannelCount = 48,
    };

    public static TheoryData<WeightDataType> Types => [WeightDataType.BFloat16, WeightDataType.Q8_0];

    [Fact]
    public void The_perplexity_of_the_built_in_model_on_stories_hardly_changes()
    {
        using var model = BuiltInModel.Load();
        using var half = BuiltInModel.Load(dataType: WeightDataType.BFloat16);
        using var eight = BuiltInModel.Load(dataType: WeightDataType.Q8_0);
        var exact = Loss(model);

        // Its file stores bfloat16, so only 8 bits lose anything.
        Assert.Equal(exact, Loss(half));
        Assert.NotEqual(exact, Loss(eight));
        Assert.InRange(Math.Exp(Loss(eight) - exact), 0.995, 1.005);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_text_has_the_same_bits_alone_in_a_batch_and_with_any_number_of_threads(WeightDataType type)
    {
        using var wide = ModelInitializer.Create(Configuration, null, seed: 1);
        using var model = NarrowModel.Of(wide, type);
        using var alone = new GptDecoder(model, KernelCatalog.GetAvailable(new ThreadTeam(1))[0]);
        using var together = new GptDecoder(model, KernelCatalog.GetAvailable(new ThreadTeam(2))[0], streamCount: 5);
        for (var stream = 0; stream < 5; stream++)
            together.Append(stream, Prompt(stream));
        for (var step = 0; step < 4; step++)
            together.Step([0, 1, 2, 3, 4], [step, 5, 6, 7, 8]);
        alone.Append(Prompt(3));
        for (var step = 0; step < 4; step++)
            alone.Append([7]);
        Assert.Equal(alone.LogitsOf(0).ToArray(), together.LogitsOf(3).ToArray());

        static int[] Prompt(int stream) => [.. Enumerable.Range(1, 9 + stream)];
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void The_decoder_and_the_pass_give_the_logits_of_the_rounded_model(WeightDataType type)
    {
        using var wide = ModelInitializer.Create(Configuration, null, seed: 1);
        using var narrow = NarrowModel.Of(wide, type);
        int[] tokens = [.. Enumerable.Range(0, 20)];
        using var pass = new GptPass(narrow, 1, tokens.Length, forTraining: false);
        var logits = new float[tokens.Length * Configuration.VocabularySize];
        pass.ComputeLogits(tokens, logits);
        using var decoder = new GptDecoder(narrow);
        decoder.Append(tokens.AsSpan(0, 12));
        foreach (var token in tokens[12..])
            decoder.Append([token]);
        var expected = logits.AsSpan(19 * Configuration.VocabularySize);
        for (var v = 0; v < Configuration.VocabularySize; v++)
            Assert.Equal(expected[v], decoder.LogitsOf(0)[v], type == WeightDataType.Q8_0 ? 2e-2 : 3e-6);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void What_needs_float32_says_so(WeightDataType type)
    {
        using var wide = ModelInitializer.Create(Configuration, null, seed: 1);
        using var model = NarrowModel.Of(wide, type);
        AssertRefused(() => model.Weights.ToString());
        AssertRefused(() => new Trainer(model, new TrainerOptions()));
        AssertRefused(() => new GptPass(model, 1, 4));
        AssertRefused(() => ContextCrop.Crop(model, 8));
        AssertRefused(() => ModelFile.Write(model, "never", "huggingface"));
        AssertRefused(() => ModelTensors.Stacked(model).Count());
        AssertRefused(() => NarrowModel.Of(model, WeightDataType.Q8_0));
        Assert.False(Path.Exists("never"));
    }

    [Fact]
    public void The_footprint_counts_the_bytes_that_are_kept()
    {
        using var wide = ModelInitializer.Create(Configuration with { ChannelCount = 96 }, null, seed: 1);
        using var half = NarrowModel.Of(wide, WeightDataType.BFloat16);
        using var eight = NarrowModel.Of(wide, WeightDataType.Q8_0);
        var (wideBytes, matrices) = (ModelFootprint.Of(wide).WeightBytes, MatrixValues(wide));
        Assert.Equal(wideBytes - (2 * matrices), ModelFootprint.Of(half).WeightBytes);

        // A byte for each value, and 4 for each block of 32.
        Assert.Equal(wideBytes - (4 * matrices) + matrices + (matrices / 8), ModelFootprint.Of(eight).WeightBytes);
        Assert.Equal(ModelFootprint.Of(wide).TrainingBytes, ModelFootprint.Of(eight).TrainingBytes);
        Assert.Equal(WeightDataType.Q8_0, ModelFootprint.Of(eight).DataType);
    }

    [Fact]
    public void A_type_that_no_model_keeps_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new GptModel(Configuration, null, "m", WeightDataType.Float16));

    private static long MatrixValues(GptModel model) => model.Weights.Tensors
        .Where(tensor => tensor.Name is "wte" or "qkvw" or "attprojw" or "fcw" or "fcprojw").Sum(tensor => (long)tensor.Length);

    private static void AssertRefused(Action action) => Assert.Equal("WeightsNarrow", Assert.Throws<GptException>(action).ErrorId);

    private static double Loss(GptModel model) => TextScorer.Score(model, string.Join("\n", SampleText.Generate(count: 30, seed: 77))).Loss;
}
