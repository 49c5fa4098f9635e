using PsGpt.Plugins;

namespace PsGpt.Generation;

/// <summary>
/// A sampler of another assembly: where it throws or leaves NaN or +∞, the error names it. It gets copies of logits and tokens.
/// </summary>
/// <param name="inner">The sampler.</param>
/// <param name="guard">Knows its name.</param>
public sealed class GuardedSampler(ISampler inner, PluginGuard guard) : ISampler
{
    private float[] changed = [];
    private int[] seen = [];

    /// <inheritdoc/>
    /// <exception cref="GptException"><c>PluginFailed</c>.</exception>
    public void Apply(Span<float> logits, in SamplingState state)
    {
        if (changed.Length != logits.Length)
            changed = new float[logits.Length];
        if (seen.Length < state.Tokens.Length)
            seen = new int[state.Tokens.Length * 2];
        logits.CopyTo(changed);
        state.Tokens.CopyTo(seen);
        var (count, promptLength, random, stop) = (state.Tokens.Length, state.PromptLength, state.Random, state.CancellationToken);
        guard.Run(() => inner.Apply(changed, new SamplingState(seen.AsSpan(0, count), promptLength, random, stop)), stop);
        for (var id = 0; id < changed.Length; id++)
        {
            if (!(changed[id] <= float.MaxValue))
                throw guard.Broken($"gave token {id} the logit {changed[id]}; −∞ rules a token out");
        }

        changed.CopyTo(logits);
    }
}
