namespace PsGpt.Generation;

/// <summary>
/// Divides the logits by the temperature (transformers' <c>TemperatureLogitsWarper</c>). The largest one is subtracted first: that
/// leaves the probabilities as they are, and no temperature overflows.
/// </summary>
/// <param name="temperature">Above 0. Below 1 the text is more predictable, above 1 more surprising.</param>
public sealed class TemperatureSampler(float temperature) : ISampler
{
    /// <inheritdoc/>
    public void Apply(Span<float> logits, in SamplingState state)
    {
        double maximum = Softmax.Maximum(logits);
        if (double.IsNegativeInfinity(maximum))
            return;
        foreach (ref var logit in logits)
            logit = (float)((logit - maximum) / temperature);
    }
}
