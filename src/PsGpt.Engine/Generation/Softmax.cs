namespace PsGpt.Generation;

/// <summary>Simple measures of a row of logits.</summary>
internal static class Softmax
{
    /// <summary>The index of the largest logit, of equal ones the lowest.</summary>
    public static int Argmax(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var id = 1; id < logits.Length; id++)
        {
            if (logits[id] > logits[best])
                best = id;
        }

        return best;
    }

    /// <summary>The largest logit.</summary>
    public static float Maximum(ReadOnlySpan<float> logits) => logits[Argmax(logits)];

    /// <summary>The natural logarithm of the sum of exponentials: a logit minus it is the token's log probability.</summary>
    public static double LogSumExp(ReadOnlySpan<float> logits)
    {
        double maximum = Maximum(logits);
        var sum = 0.0;
        foreach (var logit in logits)
            sum += Math.Exp(logit - maximum);
        return maximum + Math.Log(sum);
    }
}
