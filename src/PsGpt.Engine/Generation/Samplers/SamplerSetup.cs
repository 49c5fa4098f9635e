using PsGpt.Plugins;

namespace PsGpt.Generation;

/// <summary>The completion that a sampler is made for.</summary>
/// <param name="Options">What the user asked for.</param>
/// <param name="EndOfTextTokens">The ids that end a text; empty where the vocabulary has none.</param>
public sealed record SamplerSetup(SamplingOptions Options, IReadOnlyList<int> EndOfTextTokens)
{
    /// <summary>The tokenizer of the model, or null where it is not known.</summary>
    public Tokenization.Tokenizer? Tokenizer { get; init; }

    /// <summary>The values of the plug-ins' own parameters in this call.</summary>
    public IReadOnlyList<PluginValue> PluginParameter { get; init; } = [];

    /// <summary>The values of this sampler's own parameters.</summary>
    public PluginArguments Arguments { get; internal init; } = PluginArguments.None;
}
