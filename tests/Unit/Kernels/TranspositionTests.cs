using PsGpt.Kernels.Simd;

namespace PsGpt.Unit.Kernels;

public sealed unsafe class TranspositionTests
{
    [Fact]
    public void Every_size_around_the_squares_is_copied_whole_and_nothing_beside_it()
    {
        for (var rows = 1; rows <= 35; rows++)
        {
            for (var columns = 1; columns <= 35; columns++)
                Check(rows, columns);
        }
    }

    private static void Check(int rows, int columns)
    {
        const int Gap = 3;
        var source = Enumerable.Range(0, rows * (columns + Gap)).Select(i => (float)i).ToArray();
        var target = new float[columns * (rows + Gap)];
        Array.Fill(target, -1);
        fixed (float* from = source, to = target)
            Transposition.Copy(from, columns + Gap, rows, columns, to, rows + Gap);
        for (var column = 0; column < columns; column++)
        {
            for (var row = 0; row < rows + Gap; row++)
                Assert.Equal(row < rows ? (row * (columns + Gap)) + column : -1, target[(column * (rows + Gap)) + row]);
        }
    }
}
