using PsGpt.Generation;
using PsGpt.Plugins;

namespace PsGpt.Unit.Generation;

public sealed class GuardedSamplerTests
{
    [Theory]
    [InlineData(0f, true)]
    [InlineData(float.MaxValue, true)]
    [InlineData(float.NegativeInfinity, true)]
    [InlineData(float.PositiveInfinity, false)]
    [InlineData(float.NaN, false)]
    public void Any_logit_but_NaN_and_infinity_is_taken(float logit, bool isTaken)
    {
        var sampler = new GuardedSampler(new Setting(logit), new PluginGuard("sampler", "mine"));
        var exception = Record.Exception(() => sampler.Apply(new float[3], new SamplingState([1], 1, new RandomStream(1))));
        Assert.Equal(isTaken ? null : "PluginFailed", (exception as GptException)?.ErrorId);
        Assert.True(isTaken || exception!.Message.Contains("token 2", StringComparison.Ordinal));
    }

    private sealed class Setting(float logit) : ISampler
    {
        public void Apply(Span<float> logits, in SamplingState state) => logits[2] = logit;
    }
}
