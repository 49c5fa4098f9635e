using PsGpt.Charts;
using PsGpt.Training;

namespace PsGpt.Unit.Charts;

public sealed class TextChartTests
{
    [Fact]
    public void A_falling_line_is_drawn_from_the_left_top_to_the_right_bottom()
    {
        var curve = Curve(3, 2, 1);
        var lines = TextChart.Draw(Chart(curve), new TextChartOptions { Width = 20, Height = 8, IsAscii = true });
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

    [Theory]
    [InlineData(2.31, 2.34, "2.32")]
    [InlineData(0.51, 0.99, "0.6")]
    [InlineData(10.4, 10.9, "10.5")]
    [InlineData(1.03, 1.04, "1.03")]
    public void A_loss_is_written_beside_few_rows_too(double low, double high, string label)
    {
        var lines = TextChart.Draw(Chart(Curve(high, low)), new TextChartOptions { Width = 40, Height = 5, IsAscii = true });
        Assert.Contains(lines, line => line.StartsWith(label, StringComparison.Ordinal));
    }

    [Fact]
    public void Braille_has_eight_dots_in_a_character()
    {
        var lines = TextChart.Draw(Chart(1, 1, 1), new TextChartOptions { Width = 20, Height = 6 });
        Assert.Contains(lines, line => new[] { "⠤⠤⠤⠤", "⣀⣀⣀⣀", "⠉⠉⠉⠉", "⠒⠒⠒⠒" }.Any(dots => line.Contains(dots, StringComparison.Ordinal)));
    }

    [Fact]
    public void Measurements_are_marked_and_the_first_stands_before_the_first_step()
    {
        var curve = LossCurve.Of([new TrainingStep { Step = 1, Loss = 3, ValidationLoss = 2.5f, InitialValidationLoss = 4 }]);
        Assert.Equal([new ChartPoint(0, 4), new ChartPoint(1, 2.5)], curve.Validation);
        Assert.Equal([new ChartPoint(1, 3)], curve.Training);
        var text = string.Join('\n', TextChart.Draw(Chart(curve), new TextChartOptions { Width = 40, Height = 10, IsAscii = true }));
        Assert.Equal(2, text.Split('\n').Take(7).Sum(line => line.Count(character => character == 'o')));
        Assert.Contains("o validation", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, 5)]
    [InlineData(80, 24)]
    [InlineData(300, 60)]
    public void It_stays_within_its_size(int width, int height)
    {
        LossCurve[] curves =
        [
            Curve(1), Curve(5, 5), Curve([.. Enumerable.Range(0, 5000).Select(i => 1e6 / (1 + i))]), Curve(1e-30, 1e30),
            Curve(-1e308, 1e308), Curve(0, 1e-320), Curve(1e300, 1e300),
        ];
        foreach (var curve in curves)
        {
            foreach (var isAscii in new[] { true, false })
            {
                var lines = TextChart.Draw(Chart(curve), new TextChartOptions { Width = width, Height = height, IsAscii = isAscii });
                Assert.Equal(height, lines.Count);
                Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
                Assert.All(lines, line => Assert.True(!isAscii || line.All(char.IsAscii)));
            }
        }
    }

    [Fact]
    public void A_row_is_free_between_two_labels_of_losses()
    {
        var curve = Curve(10, 5, 0);
        for (var height = 6; height <= 40; height++)
        {
            var lines = TextChart.Draw(Chart(curve), new TextChartOptions { Width = 30, Height = height, IsAscii = true });
            var labels = lines.Take(height - 3).Select(line => line.Split('|')[0].Trim()).ToArray();
            Assert.InRange(labels.Count(label => label.Length > 0), 2, 6);
            Assert.All(labels.Zip(labels.Skip(1)), pair => Assert.True(pair.First == "" || pair.Second == "", $"in {height} rows"));
        }
    }

    [Fact]
    public void Losses_that_no_chart_can_show_are_counted_and_the_others_drawn()
    {
        var lines = TextChart.Draw(Chart(3, double.NaN, double.PositiveInfinity, 1), new TextChartOptions());
        Assert.Contains("(2 not shown)", lines[^1], StringComparison.Ordinal);
        Assert.Contains("3 │", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_logarithmic_scale_gives_equal_ratios_equal_heights()
    {
        var options = new TextChartOptions { Width = 40, Height = 14, IsAscii = true };
        var lines = TextChart.Draw(Chart(100, 10, 1) with { IsLogarithmic = true }, options).ToList();
        var rows = new[] { "100 |", " 10 |", "  1 |" }
            .Select(label => lines.FindIndex(line => line.StartsWith(label, StringComparison.Ordinal))).ToArray();
        Assert.Equal([0, 5, 10], rows);
        Assert.Contains("(1 not shown)", TextChart.Draw(Chart(1, 0) with { IsLogarithmic = true }, options)[^1], StringComparison.Ordinal);
    }

    /// <summary>In 5 rows and 23 columns half a run falls by 2 rows in 11 columns: a row has the 5.5 columns around its middle.</summary>
    [Fact]
    public void Several_runs_are_drawn_apart_in_letters()
    {
        var options = new TextChartOptions { Width = 26, Height = 8 };
        var runs = new LossRuns();
        for (var step = 1; step <= 3; step++)
            runs.Add("falling", step, 4 - step);
        for (var step = 1; step <= 3; step++)
            runs.Add("flat", step, 3, validationLoss: 1);
        Assert.Equal(
            [
                "3 │bbbbbbbbbbbbbbbbbbbbbbb",
                "  │   aaaaaa",
                "2 │         aaaaa",
                "  │              aaaaaa",
                "1 │B          B        aaB",
            ],
            TextChart.Draw(new LossChart(runs.ToList()), options with { Height = 9 }).Take(5));
        var lines = TextChart.Draw(new LossChart(runs.ToList()), options);
        Assert.Equal([" step  a falling  b flat", " (capitals: validation)"], lines.TakeLast(2));
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 26));
    }

    [Theory]
    [InlineData("ChartEmpty", 80, 20)]
    [InlineData("ChartEmpty", 80, 20, double.NaN)]
    [InlineData("ChartSizeInvalid", 19, 20, 1.0)]
    [InlineData("ChartSizeInvalid", 80, 4, 1.0)]
    public void A_chart_that_cannot_be_drawn_is_an_error(string errorId, int width, int height, params double[] losses)
    {
        var options = new TextChartOptions { Width = width, Height = height };
        var error = Assert.Throws<GptException>(() => TextChart.Draw(Chart(losses), options));
        Assert.Equal(errorId, error.ErrorId);
    }

    internal static LossChart Chart(params double[] losses) => Chart(Curve(losses));

    internal static LossChart Chart(LossCurve curve) => new([new LossRun("a", curve)]);

    internal static LossCurve Curve(params double[] losses)
    {
        var curve = new LossCurve();
        for (var i = 0; i < losses.Length; i++)
            curve.AddTraining(i + 1, losses[i]);
        return curve;
    }
}
