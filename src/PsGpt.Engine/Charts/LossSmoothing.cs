namespace PsGpt.Charts;

/// <summary>
/// The exponential moving average of a noisy line, divided by the sum of its weights, so that it does not begin at 0 (as in
/// TensorBoard; Kingma and Ba, Adam, 2014, section 3).
/// </summary>
internal static class LossSmoothing
{
    /// <summary>A shorter run is drawn as it is: one sees its line.</summary>
    private const int ShortestNoisyRun = 50;

    /// <summary>The weight of the past, as the span of a moving average gives it: 1 − 2 / (n + 1) for a look back over n steps.</summary>
    public static double WeightFor(int count) => count < ShortestNoisyRun ? 0 : 1 - (2 / (SpanOf(count) + 1));

    /// <summary>The smoothed line.</summary>
    /// <param name="points">The losses, in the order of the steps.</param>
    /// <param name="weight">The weight of the past, 0 to below 1.</param>
    public static IReadOnlyList<ChartPoint> Smooth(IReadOnlyList<ChartPoint> points, double weight)
    {
        var smoothed = new ChartPoint[points.Count];
        var (sum, weights) = (0.0, 0.0);
        for (var i = 0; i < smoothed.Length; i++)
        {
            sum = (weight * sum) + ((1 - weight) * points[i].Loss);
            weights = (weight * weights) + (1 - weight);
            smoothed[i] = points[i] with { Loss = sum / weights };
        }

        return smoothed;
    }

    /// <summary>The steps that the average looks back over: more would lag behind a loss that falls, fewer would stay noisy.</summary>
    private static double SpanOf(int count) => Math.Max(5, count / 50.0);
}
