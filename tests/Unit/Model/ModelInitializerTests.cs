using PsGpt.Model;
using PsGpt.Unit.Training;

namespace PsGpt.Unit.Model;

public sealed class ModelInitializerTests
{
    [Fact]
    public void A_position_embedding_may_begin_with_sines_and_cosines()
    {
        using var model = ModelInitializer.Create(SmallTraining.Configuration, null, seed: 1, positionAmplitude: 0.3f);
        var rows = model.Weights["wpe"].Span;

        // Vaswani et al. 2017: PE(p, 2i) = sin(p / 10000^(2i/d)), PE(p, 2i + 1) = cos of the same.
        for (var p = 0; p < 8; p++)
        {
            for (var i = 0; i < 8; i++)
            {
                var angle = p / Math.Exp(2.0 * i / 16 * Math.Log(10000));
                Assert.Equal(0.3 * Math.Sin(angle), rows[(16 * p) + (2 * i)], 1e-7);
                Assert.Equal(0.3 * Math.Cos(angle), rows[(16 * p) + (2 * i) + 1], 1e-7);
            }
        }
    }

    [Theory]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void An_amplitude_that_cannot_be_is_refused(float amplitude)
    {
        var error = Assert.Throws<GptException>(
            () => ModelInitializer.Create(SmallTraining.Configuration, null, seed: 1, positionAmplitude: amplitude));
        Assert.Equal("ConfigurationInvalid", error.ErrorId);
    }
}
