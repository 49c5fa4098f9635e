using System.Text.RegularExpressions;
using PsGpt.Charts;
using PsGpt.Tensors;

namespace PsGpt.Unit.Charts;

public sealed class HeatMapTests
{
    [Fact]
    public void A_matrix_is_one_map_of_its_values()
    {
        var map = Assert.Single(HeatMap.Of(Tensor([2, 3], 1, 2, 3, 4, 5, 6), 10, 10));
        Assert.Equal([[1, 2, 3], [4, 5, 6]], map.Rows);
        Assert.Equal(["0", "1"], map.RowLabels);
        Assert.Equal(["0", "1", "2"], map.ColumnLabels);
        Assert.Equal((1, 1), map.Block);
        Assert.Equal(new HeatMapScale(1, 6), map.Scale);
    }

    [Fact]
    public void A_vector_and_a_number_are_one_row()
    {
        Assert.Equal([[1, 2, 3]], Assert.Single(HeatMap.Of(Tensor([3], 1, 2, 3), 10, 10)).Rows);
        Assert.Equal([[7]], Assert.Single(HeatMap.Of(Tensor([], 7), 10, 10)).Rows);
    }

    [Fact]
    public void Blocks_are_averaged_also_where_the_last_ones_are_smaller()
    {
        var map = Assert.Single(HeatMap.Of(Tensor([3, 3], 1, 2, 3, 4, 5, 6, 7, 8, 9), 2, 2));
        Assert.Equal([[3, 4.5], [7.5, 9]], map.Rows);
        Assert.Equal(["0", "2"], map.RowLabels);
        Assert.Equal((2, 2), map.Block);
    }

    [Fact]
    public void Further_axes_give_a_map_each_on_one_scale()
    {
        var maps = HeatMap.Of(Tensor([2, 1, 2, 1], 1, 2, 3, 4), 10, 10);
        Assert.Equal([[0, 0], [1, 0]], maps.Select(map => map.Place.ToArray()));
        Assert.Equal("t[1, 0] (2 x 1)", maps[1].Title);
        Assert.All(maps, map => Assert.Equal(new HeatMapScale(1, 4), map.Scale));
    }

    [Theory]
    [InlineData(4, "b·a")]
    [InlineData(1, "0")]
    public void A_large_block_has_a_number_rather_than_the_name_of_its_first_place(int most, string expected)
    {
        string[] names = [.. Enumerable.Range(0, 12).Select(_ => "b a")];
        var tensor = new GptTensor(
            "t", role: null, new TensorMemory.Managed(new float[12]), TensorLayout.RowMajor([12]), [new TensorAxis("a", names)]);
        var map = Assert.Single(HeatMap.Of(tensor, 1, most));
        Assert.Equal(expected, map.ColumnLabels[0]);
        Assert.Equal("a", map.ColumnAxis);
    }

    [Fact]
    public void A_tensor_without_values_is_an_error() => Assert.Equal(
        "ChartEmpty", Assert.Throws<GptException>(() => HeatMap.Of(Tensor([0, 3]), 10, 10)).ErrorId);

    [Theory]
    [InlineData(-2, 1, -2, 2)]
    [InlineData(3, 5, 3, 5)]
    [InlineData(-5, -3, -5, -3)]
    [InlineData(double.NaN, 2, 2, 2)]
    public void A_scale_is_symmetric_where_both_signs_occur(double one, double other, double low, double high) =>
        Assert.Equal(new HeatMapScale(low, high), HeatMapScale.Of([one, other]));

    [Fact]
    public void Colours_end_where_their_tables_end_and_zero_is_white()
    {
        Assert.Equal((68, 1, 84), new HeatMapScale(0, 1).ColorOf(0));
        Assert.Equal((253, 231, 37), new HeatMapScale(0, 1).ColorOf(1));
        Assert.Equal((247, 247, 247), new HeatMapScale(-1, 1).ColorOf(0));
        Assert.Equal((178, 24, 43), new HeatMapScale(-1, 1).ColorOf(9));
        Assert.Equal((128, 128, 128), new HeatMapScale(-1, 1).ColorOf(double.NaN));
    }

    [Fact]
    public void Cells_have_a_shade_and_their_number_where_it_fits()
    {
        var lines = Lines(Tensor([2, 2], 0, 1, 0.5f, float.NaN), new TextHeatMapOptions());
        Assert.Equal(
            ["t (2 x 2)", "       0      1", "0      0 ██1.00", "1 ▒▒0.50 ?? NaN", "", "0 [    ░░░░▒▒▒▒▓▓▓▓████] 1"], lines);
    }

    [Fact]
    public void Colours_change_nothing_but_escape_sequences()
    {
        var tensor = Tensor([3, 4], -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        var plain = Lines(tensor, new TextHeatMapOptions());
        var colored = Lines(tensor, new TextHeatMapOptions { HasColor = true });
        Assert.Contains(colored, line => line.Contains("\e[48;2;178;24;43;38;2;178;24;43m", StringComparison.Ordinal));
        var stripped = colored.Select(line => Regex.Replace(line, "\e\\[[0-9;]*m", "").TrimEnd());
        Assert.Equal(plain, stripped);
    }

    [Theory]
    [InlineData(20, 1)]
    [InlineData(79, 32)]
    public void It_stays_within_its_size(int width, int height)
    {
        var options = new TextHeatMapOptions { Width = width, Height = height, IsAscii = true };
        foreach (var columns in new[] { 1, 5, 9, 10, 33, 64, 65, 1000 })
        {
            var lines = Lines(Tensor([50, columns], new float[50 * columns]), options);
            Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
            Assert.InRange(lines.Count, 4, height + 8);
            Assert.All(lines, line => Assert.True(line.All(char.IsAscii)));
        }
    }

    private static List<string> Lines(GptTensor tensor, TextHeatMapOptions options) =>
        [.. TextHeatMap.Draw(HeatMap.Of(tensor, options.Height, TextHeatMap.MostColumns(options)), options)];

    private static GptTensor Tensor(int[] sizes, params float[] values) => new("t", sizes, values);
}
