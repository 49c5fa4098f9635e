namespace PsGpt.Generation;

/// <summary>
/// Keeps the tokens that have at least p times the probability of the likeliest (Nguyen et al. 2024; transformers'
/// <c>MinPLogitsWarper</c>).
/// </summary>
/// <param name="p">0 to 1; 0 keeps all.</param>
public sealed class MinPSampler(float p) : ISampler
{
    /// <inheritdoc/>
    public void Apply(Span<float> logits, in SamplingState state)
    {
        double maximum = Softmax.Maximum(logits);
        foreach (ref var logit in logits)
        {
            if (Math.Exp(logit - maximum) < p)
                logit = float.NegativeInfinity;
        }
    }
}
