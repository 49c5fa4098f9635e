namespace PsGpt.Tensors;

/// <summary>Sums over all values of a tensor, in double precision.</summary>
/// <param name="Mean">The mean; NaN where there are no values.</param>
/// <param name="StandardDeviation">The population's standard deviation.</param>
/// <param name="Minimum">The smallest value; NaN where one is NaN.</param>
/// <param name="Maximum">The largest value; NaN where one is NaN.</param>
/// <param name="Norm">The square root of the sum of squares.</param>
/// <param name="ZeroShare">The share of values that are 0, 0 … 1.</param>
internal sealed record TensorStatistics(double Mean, double StandardDeviation, float Minimum, float Maximum, double Norm, double ZeroShare)
{
    /// <summary>Reads the values once, and once more for the deviations from the mean.</summary>
    /// <param name="rows">All values, in parts.</param>
    public static TensorStatistics Of(IEnumerable<ReadOnlyMemory<float>> rows)
    {
        var (count, sum, squares, zeros) = (0L, 0.0, 0.0, 0L);
        var (minimum, maximum) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var row in rows)
        {
            count += row.Length;
            foreach (var value in row.Span)
            {
                sum += value;
                squares += (double)value * value;
                zeros += value == 0 ? 1 : 0;
                (minimum, maximum) = (MathF.Min(minimum, value), MathF.Max(maximum, value));
            }
        }

        if (count == 0)
            return new TensorStatistics(double.NaN, double.NaN, float.NaN, float.NaN, 0, double.NaN);
        var mean = sum / count;
        var deviations = 0.0;
        foreach (var row in rows)
        {
            foreach (var value in row.Span)
                deviations += (value - mean) * (value - mean);
        }

        return new TensorStatistics(mean, Math.Sqrt(deviations / count), minimum, maximum, Math.Sqrt(squares), (double)zeros / count);
    }
}
