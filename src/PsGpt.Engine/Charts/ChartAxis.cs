using System.Globalization;

namespace PsGpt.Charts;

/// <summary>An axis: from where to where it goes, linear or logarithmic, and the round values that are written along it.</summary>
internal sealed class ChartAxis
{
    private static readonly double[] Multiples = [1, 2, 5, 10];

    private readonly bool isLogarithmic;
    private readonly double leastInterval;
    private readonly double start;
    private readonly double end;

    /// <param name="values">The values that the axis must hold; finite, and above 0 for a logarithmic one. At least one.</param>
    /// <param name="mostTicks">How many values there is room for, at least 2.</param>
    /// <param name="isLogarithmic">Whether equal ratios have equal lengths.</param>
    /// <param name="leastInterval">The minimum distance of two written values: there is no half of a step.</param>
    public ChartAxis(IEnumerable<double> values, int mostTicks, bool isLogarithmic = false, double leastInterval = 0)
    {
        (this.isLogarithmic, this.leastInterval) = (isLogarithmic, leastInterval);
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
            (low, high) = (Math.Min(low, Scaled(value)), Math.Max(high, Scaled(value)));

        // A single value stands in the middle.
        var room = high > low ? 0 : Math.Max(Math.Abs(low) * 0.1, 0.5);
        (start, end) = (low - room, high + room);
        Ticks = isLogarithmic ? LogarithmicTicks(mostTicks) : LinearTicks(mostTicks);
    }

    /// <summary>The values that are written along the axis, within its ends.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>Where a value is: 0 at the start, 1 at the end.</summary>
    public double Share(double value) => ((Scaled(value) / 2) - (start / 2)) / ((end / 2) - (start / 2));

    /// <summary>A value as it is written along the axis.</summary>
    public static string Label(double value) => Math.Abs(value) is >= 1e6 or (< 1e-3 and > 0)
        ? value.ToString("0.##e+0", CultureInfo.InvariantCulture)
        : value.ToString("0.####", CultureInfo.InvariantCulture);

    private double Scaled(double value) => isLogarithmic ? Math.Log10(value) : value;

    private double[] LinearTicks(int most)
    {
        // Halves: the difference of two numbers can be more than the largest one.
        var raw = ((end / 2) - (start / 2)) / Math.Max(1, most - 1) * 2;
        if (!double.IsFinite(raw) || raw <= 0)
            return [start, end];
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var steps = Multiples.Select(multiple => multiple * power);
        var ticks = TicksEvery(steps.FirstOrDefault(candidate => candidate >= raw * (1 - 1e-9), raw), most);

        // A short axis may lie between two round values; of the next finer ones at least one is within it.
        return ticks.Length > 0 ? ticks : TicksEvery(steps.LastOrDefault(candidate => candidate < raw * (1 - 1e-9), raw), most);
    }

    private double[] TicksEvery(double interval, int most)
    {
        var step = Math.Max(interval, leastInterval);
        var first = Math.Ceiling(start / step - 1e-9);
        return [.. Enumerable.Range(0, most + 1).Select(i => (first + i) * step).TakeWhile(tick => tick <= end + (step * 1e-9))];
    }

    private double[] LogarithmicTicks(int most)
    {
        var decades = Enumerable.Range((int)Math.Floor(start), (int)(Math.Ceiling(end) - Math.Floor(start)) + 1);
        double[] fine =
            [.. decades.SelectMany(decade => Multiples[..3].Select(multiple => multiple * Math.Pow(10, decade))).Where(IsWithin)];
        if (fine.Length <= most && fine.Length >= 2)
            return fine;
        double[] coarse = [.. decades.Select(decade => Math.Pow(10, decade)).Where(IsWithin)];
        if (fine.Length > most)
            return [.. coarse.Where((_, i) => i % (((coarse.Length - 1) / most) + 1) == 0)];

        // Less than a decade: round values on a linear scale are within it too.
        return [.. new ChartAxis([Math.Pow(10, start), Math.Pow(10, end)], most).Ticks];
    }

    private bool IsWithin(double value) => Math.Log10(value) >= start - 1e-9 && Math.Log10(value) <= end + 1e-9;
}
