using PsGpt.Model;

namespace PsGpt.Unit.Model;

public sealed class ContextCropTests
{
    private static readonly GptConfiguration Configuration = new()
    {
        VocabularySize = 300, ContextLength = 12, LayerCount = 2, HeadCount = 2, ChannelCount = 16,
    };

    [Fact]
    public void A_cropped_model_computes_the_same_within_its_context()
    {
        using var model = ModelInitializer.Create(Configuration, null, seed: 4);
        using var cropped = ContextCrop.Crop(model, 5);
        Assert.Equal(Configuration with { ContextLength = 5 }, cropped.Configuration);
        Assert.Equal(Logits(model), Logits(cropped));
    }

    [Fact]
    public void Both_models_are_on_their_own()
    {
        using var model = ModelInitializer.Create(Configuration, null, seed: 4);
        var before = Logits(model);
        using (var cropped = ContextCrop.Crop(model, 12))
            cropped.Weights["qkvw"].Span.Clear();
        Assert.Equal(before, Logits(model));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(13)]
    public void A_context_that_cannot_be_is_refused(int contextLength)
    {
        using var model = ModelInitializer.Create(Configuration, null, seed: 4);
        Assert.Equal("ContextLengthInvalid", Assert.Throws<GptException>(() => ContextCrop.Crop(model, contextLength)).ErrorId);
    }

    private static float[] Logits(GptModel model)
    {
        using var pass = new GptPass(model, 1, 5, forTraining: false);
        var logits = new float[5 * model.Configuration.VocabularySize];
        pass.ComputeLogits([1, 299, 3, 77, 150], logits);
        return logits;
    }
}
