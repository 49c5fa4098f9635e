using PsGpt.Charts;
using PsGpt.Training;

namespace PsGpt.Unit.Charts;

public sealed class TextChartTests
{
    [Fact]
    public void A_falling_line_is_drawn_from_the_left_top_to_the_right_bottom()
    {
        var curve = Curve(3, 2, 1);
        var lines = TextChart.Draw(curve, new TextChartOptions { Width = 20, Height = 8, IsAscii = true });
        Assert.Equal(
            [
                "3 |***",
                "  |   ***",
                "2 |      *****",
                "  |           ***",
                "1 |              ***",
                "  +-----------------",
            ],
            lines.Take(6));
        Assert.Equal("           2", lines[6]);
        Assert.Equal("   step  * loss", lines[7]);
    }

    [Fact]
    public void Braille_has_eight_dots_in_a_character()
    {
        var lines = TextChart.Draw(Curve(1, 1, 1), new TextChartOptions { Width = 20, Height = 6 });
        Assert.Contains(lines, line => line.Contains("⠤⠤⠤⠤", StringComparison.Ordinal) || line.Contains("⣀⣀⣀⣀", StringComparison.Ordinal) || line.Contains("⠉⠉⠉⠉", StringComparison.Ordinal) || line.Contains("⠒⠒⠒⠒", StringComparison.Ordinal));
    }

    [Fact]
    public void Measurements_are_marked_and_the_first_stands_before_the_first_step()
    {
        var curve = LossCurve.Of([new TrainingStep { Step = 1, Loss = 3, ValidationLoss = 2.5f, InitialValidationLoss = 4 }]);
        Assert.Equal([new ChartPoint(0, 4), new ChartPoint(1, 2.5)], curve.Validation);
        Assert.Equal([new ChartPoint(1, 3)], curve.Training);
        var text = string.Join('\n', TextChart.Draw(curve, new TextChartOptions { Width = 40, Height = 10, IsAscii = true }));
        Assert.Equal(2, text.Split('\n').Take(7).Sum(line => line.Count(character => character == 'o')));
        Assert.Contains("o validation", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, 5)]
    [InlineData(80, 24)]
    [InlineData(300, 60)]
    public void It_stays_within_its_size(int width, int height)
    {
        foreach (var curve in new[] { Curve(1), Curve(5, 5), Curve([.. Enumerable.Range(0, 5000).Select(i => 1e6 / (1 + i))]), Curve(1e-30, 1e30), Curve(-1e308, 1e308), Curve(0, 1e-320), Curve(1e300, 1e300) })
        {
            foreach (var isAscii in new[] { true, false })
            {
                var lines = TextChart.Draw(curve, new TextChartOptions { Width = width, Height = height, IsAscii = isAscii });
                Assert.Equal(height, lines.Count);
                Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
                Assert.All(lines, line => Assert.True(!isAscii || line.All(char.IsAscii)));
            }
        }
    }

    [Fact]
    public void Losses_that_no_chart_can_show_are_counted_and_the_others_drawn()
    {
        var lines = TextChart.Draw(Curve(3, double.NaN, double.PositiveInfinity, 1), new TextChartOptions());
        Assert.Contains("(2 not shown)", lines[^1], StringComparison.Ordinal);
        Assert.Contains("3 │", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_logarithmic_scale_gives_equal_ratios_equal_heights()
    {
        var lines = TextChart.Draw(Curve(100, 10, 1), new TextChartOptions { Width = 40, Height = 14, IsLogarithmic = true, IsAscii = true });
        var rows = new[] { "100 |", " 10 |", "  1 |" }.Select(label => lines.ToList().FindIndex(line => line.StartsWith(label, StringComparison.Ordinal))).ToArray();
        Assert.Equal([0, 5, 10], rows);
        Assert.Contains("(1 not shown)", TextChart.Draw(Curve(1, 0), new TextChartOptions { IsLogarithmic = true })[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ChartEmpty", 80, 20)]
    [InlineData("ChartEmpty", 80, 20, double.NaN)]
    [InlineData("ChartSizeInvalid", 19, 20, 1.0)]
    [InlineData("ChartSizeInvalid", 80, 4, 1.0)]
    public void What_cannot_be_drawn_is_told(string errorId, int width, int height, params double[] losses)
    {
        var error = Assert.Throws<GptException>(() => TextChart.Draw(Curve(losses), new TextChartOptions { Width = width, Height = height }));
        Assert.Equal(errorId, error.ErrorId);
    }

    internal static LossCurve Curve(params double[] losses)
    {
        var curve = new LossCurve();
        for (var i = 0; i < losses.Length; i++)
            curve.AddTraining(i + 1, losses[i]);
        return curve;
    }
}
