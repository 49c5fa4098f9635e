using PsGpt.Plugins;

namespace PsGpt.Generation;

/// <summary>A sampler of another assembly: where it throws or leaves NaN or +∞, the error names it.</summary>
/// <param name="inner">The sampler.</param>
/// <param name="guard">Knows its name.</param>
public sealed class GuardedSampler(ISampler inner, PluginGuard guard) : ISampler
{
    /// <inheritdoc/>
    /// <exception cref="GptException"><c>PluginFailed</c>.</exception>
    public void Apply(Span<float> logits, in SamplingState state)
    {
        guard.Run(new Call(inner, logits, state), static call => call.Run());
        for (var id = 0; id < logits.Length; id++)
        {
            if (!(logits[id] <= float.MaxValue))
                throw guard.Broken($"gave token {id} the logit {logits[id]}; −∞ rules a token out");
        }
    }

    private readonly ref struct Call(ISampler sampler, Span<float> logits, SamplingState state)
    {
        private readonly Span<float> logits = logits;
        private readonly SamplingState state = state;

        public void Run() => sampler.Apply(logits, state);
    }
}
