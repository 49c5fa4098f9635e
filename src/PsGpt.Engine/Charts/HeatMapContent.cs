using System.Globalization;
using PsGpt.Tensors;

namespace PsGpt.Charts;

/// <summary>The maps of a chart of tensors, small enough for a file.</summary>
internal static class HeatMapContent
{
    /// <summary>The maps of each tensor, in blocks so that all of them have at most so many cells.</summary>
    /// <param name="chart">The tensors.</param>
    /// <param name="mostMaps">The maps of all tensors together.</param>
    /// <param name="mostSide">The rows and columns of a map.</param>
    /// <param name="mostCells">The cells of all maps together.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="GptException"><c>ChartEmpty</c>, <c>ChartTooLarge</c>.</exception>
    public static IReadOnlyList<(GptTensor Tensor, IReadOnlyList<HeatMap> Maps)> Require(
        HeatMapChart chart, int mostMaps, int mostSide, int mostCells, CancellationToken cancellationToken)
    {
        if (chart.Tensors.Count == 0)
            throw new GptException("ChartEmpty", GptErrorKind.InvalidData, "There is no tensor to draw. Give at least one.");
        var count = chart.Tensors.Sum(HeatMap.CountOf);
        if (count > mostMaps)
        {
            throw new GptException("ChartTooLarge", GptErrorKind.LimitExceeded,
                $"The tensors have {count} maps, and a chart of this kind has room for {mostMaps}. Give fewer tensors, or parts of them.");
        }

        var side = Math.Clamp((int)Math.Sqrt((double)mostCells / count), 1, mostSide);
        return [.. chart.Tensors.Select(tensor => (tensor, HeatMap.Of(tensor, side, side, cancellationToken)))];
    }

    /// <summary>The title of a chart: the given one, or the names of the tensors.</summary>
    public static string TitleOf(HeatMapChart chart)
    {
        var first = ForeignText.Escape(chart.Tensors[0].Name);
        return chart.Title ?? (chart.Tensors.Count == 1 ? first
            : LayersOf(chart.Tensors) is not null ? $"{first.Split('.', 3)[2]} in {chart.Tensors.Count} layers"
            : $"{first} and {chart.Tensors.Count - 1} more");
    }

    /// <summary>The numbers of the layers where all tensors are the same one of different layers, such as <c>h.3.att</c>.</summary>
    public static IReadOnlyList<string>? LayersOf(IReadOnlyList<GptTensor> tensors)
    {
        string[][] names = [.. tensors.Select(tensor => tensor.Name.Split('.', 3))];
        var isOneOfEach = names.All(name => name is ["h", _, _] && name[2] == names[0][^1])
            && names.DistinctBy(name => name[1]).Count() == names.Length;
        return isOneOfEach ? [.. names.Select(name => name[1])] : null;
    }

    /// <summary>A value as charts show it.</summary>
    public static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>The rows and columns of a tensor's matrices; a vector is one row.</summary>
    public static (int Rows, int Columns) SizesOf(GptTensor tensor) =>
        (tensor.Shape.Count < 2 ? 1 : tensor.Shape[^2], tensor.Shape.Count == 0 ? 1 : tensor.Shape[^1]);

    /// <summary>A cell in words, such as <c>query 4 '·cat', key 0 'The': 0.12</c>.</summary>
    public static string ValueAt(HeatMap map, GptTensor tensor, int row, int column)
    {
        var (rowCount, columnCount) = SizesOf(tensor);
        var columnPlace = PlaceOf(map.ColumnAxis ?? "column", column, map.Block.Columns, columnCount, map.ColumnLabels[column]);
        var rowPlace = tensor.Shape.Count < 2
            ? ""
            : PlaceOf(map.RowAxis ?? "row", row, map.Block.Rows, rowCount, map.RowLabels[row]) + ", ";
        return $"{rowPlace}{columnPlace}: {Number(map.Rows[row][column])}";
    }

    private static string PlaceOf(string axis, int cell, int block, int count, string label)
    {
        var (first, last) = (cell * block, Math.Min((cell + 1) * block, count) - 1);
        var place = first == last ? FormattableString.Invariant($"{first}") : FormattableString.Invariant($"{first}–{last}");
        return label == first.ToString(CultureInfo.InvariantCulture) ? $"{axis} {place}" : $"{axis} {place} '{label}'";
    }
}
