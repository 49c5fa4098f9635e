using System.Globalization;
using PsGpt.Tensors;

namespace PsGpt.Charts;

/// <summary>A matrix whose values are shown as colours. A cell holds a value, or the mean of a block of values.</summary>
public sealed record HeatMap
{
    /// <summary>The name of the part of the tensor, such as <c>h.0.att[1]</c>.</summary>
    public string Title { get; init; } = "";

    /// <summary>The place of the matrix along the tensor's outer axes; empty for a tensor of at most two axes.</summary>
    public IReadOnlyList<int> Place { get; init; } = [];

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
    /// <exception cref="GptException"><c>ChartEmpty</c>: the tensor has no values.</exception>
    /// <exception cref="ObjectDisposedException">The model of the tensor was disposed.</exception>
    public static IReadOnlyList<HeatMap> Of(GptTensor tensor, int mostRows, int mostColumns)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostRows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostColumns, 1);
        if (tensor.Length == 0)
        {
            throw new GptException("ChartEmpty", GptErrorKind.InvalidData,
                $"The tensor '{tensor.Name}' of {tensor.Shape} has no values to draw.");
        }

        HeatMap[] maps = [.. Matrices(tensor, []).Select(part => Of(part.Matrix, part.Place, mostRows, mostColumns))];
        var scale = HeatMapScale.Of(maps.SelectMany(map => map.Rows).SelectMany(row => row));
        return [.. maps.Select(map => map with { Scale = scale })];
    }

    private static IEnumerable<(GptTensor Matrix, int[] Place)> Matrices(GptTensor tensor, int[] place)
    {
        if (tensor.Shape.Count - place.Length <= 2)
            return [(place.Length == 0 ? tensor : tensor.Slice([.. place.Cast<object>()]), place)];
        return Enumerable.Range(0, tensor.Shape[place.Length]).SelectMany(index => Matrices(tensor, [.. place, index]));
    }

    private static HeatMap Of(GptTensor matrix, int[] place, int mostRows, int mostColumns)
    {
        var rowCount = matrix.Shape.Count < 2 ? 1 : matrix.Shape[0];
        var columnCount = matrix.Shape.Count == 0 ? 1 : matrix.Shape[^1];
        var block = (Rows: BlockOf(rowCount, mostRows), Columns: BlockOf(columnCount, mostColumns));
        var names = matrix.Shape.Count == 0 ? null : matrix.LabelsOf(matrix.Shape.Count - 1);
        return new HeatMap
        {
            Title = matrix.ToString(),
            Place = place,
            Block = block,
            Rows = Means(matrix, rowCount, columnCount, block),
            RowLabels = matrix.Shape.Count < 2 ? [""] : Labels(matrix.LabelsOf(0), rowCount, block.Rows),
            ColumnLabels = Labels(names, columnCount, block.Columns),
            HasColumnNames = names is not null,
        };
    }

    private static double[][] Means(GptTensor matrix, int rowCount, int columnCount, (int Rows, int Columns) block)
    {
        var means = new double[(rowCount + block.Rows - 1) / block.Rows][];
        for (var i = 0; i < means.Length; i++)
        {
            var sums = new double[(columnCount + block.Columns - 1) / block.Columns];
            var rows = Math.Min(block.Rows, rowCount - (i * block.Rows));
            for (var row = 0; row < rows; row++)
            {
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
