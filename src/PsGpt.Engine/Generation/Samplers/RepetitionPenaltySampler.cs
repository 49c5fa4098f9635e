namespace PsGpt.Generation;

/// <summary>
/// Divides the positive logits of the tokens of the prompt and of the text so far by the penalty, and multiplies the negative ones
/// (Keskar et al. 2019, CTRL; transformers' <c>RepetitionPenaltyLogitsProcessor</c>). Each token counts once.
/// </summary>
/// <param name="penalty">Above 1 discourages repetition, below 1 encourages it; above 0.</param>
public sealed class RepetitionPenaltySampler(float penalty) : ISampler
{
    private bool[] isPenalized = [];

    /// <inheritdoc/>
    public void Apply(Span<float> logits, in SamplingState state)
    {
        if (isPenalized.Length < logits.Length)
            isPenalized = new bool[logits.Length];
        foreach (var token in state.Tokens)
        {
            if (token >= logits.Length || isPenalized[token])
                continue;
            isPenalized[token] = true;
            logits[token] = logits[token] < 0 ? logits[token] * penalty : logits[token] / penalty;
        }

        foreach (var token in state.Tokens)
        {
            if (token < logits.Length)
                isPenalized[token] = false;
        }
    }
}
