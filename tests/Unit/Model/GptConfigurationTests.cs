using PsGpt.Model;

namespace PsGpt.Unit.Model;

public sealed class GptConfigurationTests
{
    /// <summary>The numbers of GPT-2's weights, as openai-community's checkpoints have them: their paper counts otherwise.</summary>
    [Theory]
    [InlineData(12, 12, 768, 124_439_808)]
    [InlineData(24, 16, 1024, 354_823_168)]
    [InlineData(36, 20, 1280, 774_030_080)]
    [InlineData(48, 25, 1600, 1_557_611_200)]
    public void The_parameters_of_Gpt2_are_counted_without_padding(int layers, int heads, int channels, long count) =>
        Assert.Equal(count, Gpt2(layers, heads, channels).ParameterCount);

    [Fact]
    public void A_head_of_its_own_and_its_bias_count_once()
    {
        var tied = Gpt2(12, 12, 768);
        Assert.Equal(tied.ParameterCount + (50257L * 768), (tied with { HasTiedHead = false }).ParameterCount);
        Assert.Equal(
            tied.ParameterCount + (50257L * 768) + 50257, (tied with { HasTiedHead = false, HasHeadBias = true }).ParameterCount);
    }

    private static GptConfiguration Gpt2(int layers, int heads, int channels) => new()
    {
        VocabularySize = 50257, ContextLength = 1024, LayerCount = layers, HeadCount = heads, ChannelCount = channels,
    };
}
