using System.Globalization;
using PsGpt.Charts;

namespace PsGpt.Unit.Charts;

public sealed class ChartColorsTests
{
    // Machado, Oliveira and Fernandes, A Physiologically-based Model for Simulation of Color Vision Deficiency, 2009: severity 1.
    private static readonly Dictionary<string, double[]> Eyes = new()
    {
        ["all receptors"] = [1, 0, 0, 0, 1, 0, 0, 0, 1],
        ["none for red"] = [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
        ["none for green"] = [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881],
        ["none for blue"] = [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900],
    };

    public static TheoryData<string> Names => [.. Eyes.Keys];

    /// <summary>A distance of 2.3 in CIE L*a*b* is just noticeable side by side; lines that lie apart need ten times as much.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void All_eyes_tell_the_colours_apart(string eyes)
    {
        foreach (var colors in new[] { ChartColors.Light, ChartColors.Dark })
        {
            var seen = colors.Select(color => Lab(Seen(Linear(color), Eyes[eyes]))).ToArray();
            for (var i = 0; i < seen.Length; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    var distance = Math.Sqrt(seen[i].Zip(seen[j]).Sum(pair => (pair.First - pair.Second) * (pair.First - pair.Second)));
                    Assert.True(distance > 23, $"{colors[i]} and {colors[j]} are {distance} apart for eyes with {eyes}.");
                }
            }
        }
    }

    /// <summary>WCAG 2.2, 1.4.11: a contrast of 3 between a line and its paper.</summary>
    [Fact]
    public void Lines_stand_out_from_their_paper()
    {
        Assert.All(ChartColors.Light, color => Assert.InRange(1.05 / (Luminance(color) + 0.05), 3, 21));
        Assert.All(ChartColors.Dark, color => Assert.InRange((Luminance(color) + 0.05) / (Luminance("#0d1117") + 0.05), 3, 21));
    }

    private static double[] Seen(double[] color, double[] matrix) => [.. Enumerable.Range(0, 3).Select(row =>
        Math.Clamp(color.Select((value, column) => value * matrix[(row * 3) + column]).Sum(), 0, 1))];

    private static double Luminance(string color) => Xyz(Linear(color))[1];

    private static double[] Linear(string color) => [.. Enumerable.Range(0, 3)
        .Select(i => int.Parse(color.AsSpan(1 + (2 * i), 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0)
        .Select(value => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4))];

    // sRGB, IEC 61966-2-1, with the white of D65.
    private static double[] Xyz(double[] color) =>
    [
        (0.4124564 * color[0]) + (0.3575761 * color[1]) + (0.1804375 * color[2]),
        (0.2126729 * color[0]) + (0.7151522 * color[1]) + (0.0721750 * color[2]),
        (0.0193339 * color[0]) + (0.1191920 * color[1]) + (0.9503041 * color[2]),
    ];

    private static double[] Lab(double[] color)
    {
        var (x, y, z) = (Root(Xyz(color)[0] / 0.95047), Root(Xyz(color)[1]), Root(Xyz(color)[2] / 1.08883));
        return [(116 * y) - 16, 500 * (x - y), 200 * (y - z)];

        static double Root(double value) => value > 216.0 / 24389 ? Math.Cbrt(value) : ((24389.0 / 27 * value) + 16) / 116;
    }
}
