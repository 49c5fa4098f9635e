using PsGpt.Kernels;
using PsGpt.Model;

namespace PsGpt.Benchmarks;

/// <summary>The models that others have measured.</summary>
internal static class Models
{
    public static GptConfiguration Gpt2 { get; } =
        new() { VocabularySize = 50257, ContextLength = 1024, LayerCount = 12, HeadCount = 12, ChannelCount = 768 };

    public static GptConfiguration Baby { get; } = new()
    {
        VocabularySize = 65, ContextLength = 64, LayerCount = 4, HeadCount = 4, ChannelCount = 128, HasBias = false,
        Activation = ActivationFunction.GeluErf,
    };

    public static GptConfiguration Shakespeare { get; } =
        Baby with { ContextLength = 256, LayerCount = 6, HeadCount = 6, ChannelCount = 384, Dropout = 0.2f };
}
