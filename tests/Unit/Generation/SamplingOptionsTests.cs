using PsGpt.Generation;

namespace PsGpt.Unit.Generation;

public sealed class SamplingOptionsTests
{
    public static TheoryData<SamplingOptions> Nonsense =>
    [
        new() { MaxTokens = 0 }, new() { MinTokens = -1 }, new() { MinTokens = 9, MaxTokens = 8 }, new() { Temperature = -0.1f },
        new() { Temperature = float.NaN }, new() { Temperature = float.PositiveInfinity }, new() { TopK = 0 }, new() { TopP = 0 },
        new() { TopP = 1.01f }, new() { TopP = float.NaN }, new() { MinP = -0.1f }, new() { MinP = 1.1f }, new() { MinP = float.NaN },
        new() { TypicalP = 0 }, new() { TypicalP = 1.1f }, new() { RepetitionPenalty = 0 },
        new() { RepetitionPenalty = float.PositiveInfinity },
        new() { FrequencyPenalty = float.NaN }, new() { PresencePenalty = float.NegativeInfinity }, new() { NoRepeatNgramSize = 0 },
        new() { BeamCount = 0 }, new() { BeamCount = 2, TopK = 5 }, new() { TimeoutSeconds = 0 }, new() { TimeoutSeconds = 1e9 },
        new() { LogitBias = [new SequenceBias([], 1)] }, new() { LogitBias = [new SequenceBias([1], float.NaN)] },
        new() { LogitBias = [new SequenceBias([1], float.PositiveInfinity)] }, new() { Ban = [[]] }, new() { StopString = [""] },
    ];

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void Nonsense_settings_are_refused(SamplingOptions options)
    {
        var error = Assert.Throws<GptException>(() => SamplerChain.Of(options));
        Assert.Equal(("SamplingInvalid", GptErrorKind.InvalidArgument), (error.ErrorId, error.Kind));
    }
}
