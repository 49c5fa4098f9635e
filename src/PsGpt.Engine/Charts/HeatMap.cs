using System.Globalization;
using PsGpt.Tensors;

namespace PsGpt.Charts;

/// <summary>A matrix whose values are shown as colours. A cell holds a value, or the mean of a block of values.</summary>
public sealed record HeatMap
{
    /// <summary>The first name stands for so many places; that of a larger block, such as of a vocabulary, would mislead.</summary>
    private const int MostNamedPlaces = 3;

    /// <summary>The name of the part of the tensor, such as <c>h.0.att[1]</c>.</summary>
    public string Title { get; init; } = "";

    /// <summary>The place of the matrix along the tensor's outer axes; empty for a tensor of at most two axes.</summary>
    public IReadOnlyList<int> Place { get; init; } = [];

    /// <summary>The same in words, such as <c>head 1</c>; empty for a tensor of at most two axes.</summary>
    public string PlaceName { get; init; } = "";

    /// <summary>The name of the axis along the rows, such as <c>query</c>; null where it has none.</summary>
    public string? RowAxis { get; init; }

    /// <summary>The name of the axis along the columns, such as <c>key</c>; null where it has none.</summary>
    public string? ColumnAxis { get; init; }

    /// <summary>The means of the blocks, row by row.</summary>
    public IReadOnlyList<double[]> Rows { get; init; } = [];

    /// <summary>The label of each row of cells: that of its first row, or its number.</summary>
    public IReadOnlyList<string> RowLabels { get; init; } = [];

    /// <summary>The label of each column of cells: that of its first column, or its number.</summary>
    public IReadOnlyList<string> ColumnLabels { get; init; } = [];

    /// <summary>Whether the labels of the columns are names, such as tokens, rather than numbers.</summary>
    public bool HasColumnNames { get; init; }

    /// <summary>The colours, which all maps of a tensor share.</summary>
    public HeatMapScale Scale { get; init; } = new(0, 1);

    /// <summary>The rows and columns of a block; (1, 1) where each cell is a value.</summary>
    public (int Rows, int Columns) Block { get; init; } = (1, 1);

    /// <summary>The maps of a tensor: one of a matrix or of a vector, one for each outer index of a larger tensor.</summary>
    /// <param name="tensor">The tensor; its labels become those of the maps.</param>
    /// <param name="mostRows">The rows of cells at most, 1 or more; blocks are as small as that allows.</param>
    /// <param name="mostColumns">The columns of cells at most, 1 or more.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="GptException"><c>ChartEmpty</c>: the tensor has no values.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The model of the tensor was disposed.</exception>
    public static IReadOnlyList<HeatMap> Of(
        GptTensor tensor, int mostRows, int mostColumns, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostRows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostColumns, 1);
        if (tensor.Length == 0)
        {
            throw new GptException("ChartEmpty", GptErrorKind.InvalidData,
                $"The tensor '{tensor.Name}' of {tensor.Shape} has no values to draw.");
        }

        HeatMap[] maps =
            [.. Matrices(tensor, []).Select(part => Of(tensor, part.Matrix, part.Place, mostRows, mostColumns, cancellationToken))];
        var scale = HeatMapScale.Of(maps.SelectMany(map => map.Rows).SelectMany(row => row));
        return [.. maps.Select(map => map with { Scale = scale })];
    }

    /// <summary>The number of maps of a tensor.</summary>
    internal static long CountOf(GptTensor tensor) =>
        tensor.Shape.Take(Math.Max(0, tensor.Shape.Count - 2)).Aggregate(1L, (count, size) => count * size);

    private static IEnumerable<(GptTensor Matrix, int[] Place)> Matrices(GptTensor tensor, int[] place)
    {
        if (tensor.Shape.Count - place.Length <= 2)
            return [(place.Length == 0 ? tensor : tensor.Slice([.. place.Cast<object>()]), place)];
        return Enumerable.Range(0, tensor.Shape[place.Length]).SelectMany(index => Matrices(tensor, [.. place, index]));
    }

    private static HeatMap Of(
        GptTensor tensor, GptTensor matrix, int[] place, int mostRows, int mostColumns, CancellationToken cancellationToken)
    {
        var (isRow, isNumber, last) = (matrix.Shape.Count < 2, matrix.Shape.Count == 0, matrix.Shape.Count - 1);
        var (rowCount, columnCount) = (isRow ? 1 : matrix.Shape[0], isNumber ? 1 : matrix.Shape[last]);
        var block = (Rows: BlockOf(rowCount, mostRows), Columns: BlockOf(columnCount, mostColumns));
        var columnNames = isNumber ? null : NamesOf(matrix, last, block.Columns);
        return new HeatMap
        {
            Title = matrix.ToString(),
            Place = place,
            PlaceName = string.Join(", ", place.Select((index, axis) => NameOf(tensor, axis, index))),
            Block = block,
            Rows = Means(matrix, rowCount, columnCount, block, cancellationToken),
            RowAxis = isRow ? null : matrix.NameOf(0),
            ColumnAxis = isNumber ? null : matrix.NameOf(last),
            RowLabels = isRow ? [""] : Labels(NamesOf(matrix, 0, block.Rows), rowCount, block.Rows),
            ColumnLabels = Labels(columnNames, columnCount, block.Columns),
            HasColumnNames = columnNames is not null,
        };
    }

    /// <summary>The label of a place along an axis, or its number.</summary>
    internal static string LabelOf(GptTensor tensor, int axis, int index) =>
        tensor.LabelsOf(axis)?[index] ?? index.ToString(CultureInfo.InvariantCulture);

    private static string NameOf(GptTensor tensor, int axis, int index) => string.Create(
        CultureInfo.InvariantCulture, $"{tensor.NameOf(axis) ?? $"axis {axis}, place"} {LabelOf(tensor, axis, index)}");

    private static IReadOnlyList<string>? NamesOf(GptTensor matrix, int axis, int block) =>
        block <= MostNamedPlaces ? matrix.LabelsOf(axis) : null;

    private static double[][] Means(
        GptTensor matrix, int rowCount, int columnCount, (int Rows, int Columns) block, CancellationToken cancellationToken)
    {
        var means = new double[(rowCount + block.Rows - 1) / block.Rows][];
        for (var i = 0; i < means.Length; i++)
        {
            var sums = new double[(columnCount + block.Columns - 1) / block.Columns];
            var rows = Math.Min(block.Rows, rowCount - (i * block.Rows));
            for (var row = 0; row < rows; row++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var values = (matrix.Shape.Count < 2 ? matrix : matrix.Row((i * block.Rows) + row)).ToArray();
                for (var column = 0; column < columnCount; column++)
                    sums[column / block.Columns] += values[column];
            }

            means[i] = [.. sums.Select((sum, j) => sum / (rows * Math.Min(block.Columns, columnCount - (j * block.Columns))))];
        }

        return means;
    }

    private static string[] Labels(IReadOnlyList<string>? names, int count, int block) =>
        [.. Enumerable.Range(0, (count + block - 1) / block).Select(i => i * block)
            .Select(place => names is null ? place.ToString(CultureInfo.InvariantCulture) : LabelText.Of(names[place]))];

    private static int BlockOf(int count, int most) => (count + most - 1) / most;
}
