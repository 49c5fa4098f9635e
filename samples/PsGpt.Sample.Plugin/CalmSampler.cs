using PsGpt.Generation;
using PsGpt.Plugins;

namespace PsGpt.Sample.Plugin;

/// <summary>A sampler: it makes the tokens of the last few places less likely, so that a text does not repeat itself at once.</summary>
public sealed class CalmSampler : SamplerPlugin
{
    /// <summary>PsGpt makes one of these when the module is imported, and from it a sampler for each text.</summary>
    public CalmSampler()
        : base("sample-calm", "Makes the last tokens less likely.", setup =>
            new Rule(setup.Arguments.Get<float>("Strength"), setup.Arguments.Get<int>("Window"))) =>
        Parameters =
        [
            new PluginParameter("Strength", 1f, "The number that is taken from a logit."),
            new PluginParameter("Window", 8, "The number of tokens to look back."),
        ];

    private sealed class Rule(float strength, int window) : ISampler
    {
        public void Apply(Span<float> logits, in SamplingState state)
        {
            foreach (var token in state.Tokens[Math.Max(0, state.Tokens.Length - window)..])
                logits[token] -= strength;
        }
    }
}
