using PsGpt.Generation;
using PsGpt.Model;

namespace PsGpt.Commands;

/// <content>What the parameters ask for, as the engine takes it.</content>
public sealed partial class InvokeGptCompletionCommand
{
    private SamplingOptions OptionsOf(GptModel model)
    {
        var (defaults, tokenizer) = (new SamplingOptions(), model.RequireTokenizer());
        return defaults with
        {
            MaxTokens = MaxTokens ?? defaults.MaxTokens,
            MinTokens = MinTokens,
            Temperature = Temperature ?? defaults.Temperature,
            TopK = TopK,
            TopP = TopP,
            MinP = MinP,
            TypicalP = TypicalP,
            RepetitionPenalty = RepetitionPenalty,
            FrequencyPenalty = FrequencyPenalty,
            PresencePenalty = PresencePenalty,
            NoRepeatNgramSize = NoRepeatNgramSize,
            LogitBias = SamplerChoice.Biases(LogitBias, tokenizer),
            Ban = [.. (Ban ?? []).Select(banned => tokenizer.Encode(banned))],
            StopString = StopString,
            IgnoreEndOfText = IgnoreEndOfText,
            AllowSpecial = AllowSpecial,
            Sampler = samplers,
            PluginParameter = PluginParameter ?? [],
            BeamCount = BeamCount,
            LogProbability = LogProbability,
            Echo = Echo,
            TruncatePrompt = TruncatePrompt,
            TimeoutSeconds = TimeoutSeconds,
        };
    }

    private static void Require(bool condition, string problem)
    {
        if (!condition)
            throw new GptException("SamplingInvalid", GptErrorKind.InvalidArgument, problem);
    }
}
