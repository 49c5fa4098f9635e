namespace PsGpt.Generation;

/// <summary>
/// One rule of sampling: it changes the logits before a token is drawn from them. Hugging Face calls it a logits processor or
/// warper. A sampler may keep buffers; it is not called from several threads at once.
/// </summary>
public interface ISampler
{
    /// <summary>Changes the logits in place.</summary>
    /// <param name="logits">A number for each token of the vocabulary (V); −∞ rules a token out. Never NaN or +∞.</param>
    /// <param name="state">The tokens so far and the random stream of the completion.</param>
    void Apply(Span<float> logits, in SamplingState state);
}
