using System.Globalization;

namespace PsGpt.Charts;

/// <summary>
/// The colours of a heat map. Values of one sign go from dark violet to yellow (matplotlib's viridis); values of both signs go from
/// blue over white, which is 0, to red (ColorBrewer's RdBu).
/// </summary>
/// <param name="Low">The value of the first colour.</param>
/// <param name="High">The value of the last colour.</param>
public sealed record HeatMapScale(double Low, double High)
{
    private static readonly (byte R, byte G, byte B)[] Viridis =
        [(68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37)];

    private static readonly (byte R, byte G, byte B)[] BlueWhiteRed =
        [(33, 102, 172), (146, 197, 222), (247, 247, 247), (244, 165, 130), (178, 24, 43)];

    /// <summary>The scale that fits some values: symmetric around 0 where both signs occur. NaN and infinite ones do not count.</summary>
    /// <param name="values">The values.</param>
    public static HeatMapScale Of(IEnumerable<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values.Where(double.IsFinite))
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        if (low > high)
            return new HeatMapScale(0, 1);
        var largest = Math.Max(-low, high);
        return low < 0 && high > 0 ? new HeatMapScale(-largest, largest) : new HeatMapScale(low, high);
    }

    /// <summary>The place of a value: 0 at the first colour, 1 at the last; NaN for NaN.</summary>
    /// <param name="value">The value; beyond the ends it counts as the end.</param>
    public double ShareOf(double value) => High > Low ? Math.Clamp((value - Low) / (High - Low), 0, 1) : double.IsNaN(value) ? value : 0.5;

    /// <summary>The colour of a value; grey for NaN.</summary>
    /// <param name="value">The value.</param>
    public (byte R, byte G, byte B) ColorOf(double value)
    {
        var share = ShareOf(value);
        if (double.IsNaN(share))
            return (128, 128, 128);
        var colors = Low < 0 && High > 0 ? BlueWhiteRed : Viridis;
        var place = share * (colors.Length - 1);
        var first = Math.Min((int)place, colors.Length - 2);
        var (from, to, part) = (colors[first], colors[first + 1], place - first);
        return (Mix(from.R, to.R), Mix(from.G, to.G), Mix(from.B, to.B));

        byte Mix(byte one, byte other) => (byte)Math.Round(one + (part * (other - one)));
    }

    /// <summary>The colours from the first to the last, as style sheets write them.</summary>
    /// <param name="count">How many, at least 2.</param>
    internal IEnumerable<string> Palette(int count) =>
        Enumerable.Range(0, count).Select(i => ToHex(ColorOf(Low + ((High - Low) * i / (count - 1)))));

    /// <summary>A colour as style sheets write it.</summary>
    internal static string ToHex((byte R, byte G, byte B) color) =>
        string.Create(CultureInfo.InvariantCulture, $"#{color.R:x2}{color.G:x2}{color.B:x2}");

    /// <summary>Whether black can be read on a colour better than white (by its luminance, ITU-R BT.601).</summary>
    internal static bool IsLight((byte R, byte G, byte B) color) => (0.299 * color.R) + (0.587 * color.G) + (0.114 * color.B) > 140;
}
