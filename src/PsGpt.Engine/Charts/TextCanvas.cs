namespace PsGpt.Charts;

/// <summary>Characters to draw on: a curve in dots, of which braille has 2 x 4 in a character and ASCII one, and marks over it.</summary>
internal sealed class TextCanvas(int columns, int rows, bool isAscii)
{
    private const char BlankBraille = '\u2800';

    // The bits of braille's dots, from the top down, left and right.
    private static readonly int[,] Bits = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };

    private readonly int dotColumns = isAscii ? 1 : 2;
    private readonly int dotRows = isAscii ? 1 : 4;
    private readonly int[,] dots = new int[rows, columns];
    private readonly bool[,] marks = new bool[rows, columns];

    private int Width => columns * dotColumns;

    private int Height => rows * dotRows;

    /// <summary>Draws a line between two places; x goes from 0 (left) to 1, y from 0 (bottom) to 1.</summary>
    public void DrawLine((double X, double Y) from, (double X, double Y) to)
    {
        var (x0, y0, x1, y1) = (Dot(from.X, Width), Dot(from.Y, Height), Dot(to.X, Width), Dot(to.Y, Height));
        var length = Math.Max(Math.Abs(x1 - x0), Math.Abs(y1 - y0));
        for (var i = 0; i <= length; i++)
        {
            var share = length == 0 ? 0 : (double)i / length;
            SetDot((int)Math.Round(x0 + (share * (x1 - x0))), (int)Math.Round(y0 + (share * (y1 - y0))));
        }
    }

    /// <summary>Puts a mark at a place.</summary>
    public void Mark((double X, double Y) place) => marks[rows - 1 - Dot(place.Y, rows), Dot(place.X, columns)] = true;

    /// <summary>A row as text, from the top down.</summary>
    public string Row(int row) => string.Create(columns, (this, row), static (text, state) =>
    {
        for (var i = 0; i < text.Length; i++)
            text[i] = state.Item1.Character(state.row, i);
    });

    private char Character(int row, int column) => (marks[row, column], dots[row, column]) switch
    {
        (true, _) => isAscii ? 'o' : '●',
        (_, 0) => ' ',
        (_, var bits) => isAscii ? '*' : (char)(BlankBraille + bits),
    };

    private void SetDot(int x, int y)
    {
        var fromTop = Height - 1 - y;
        dots[fromTop / dotRows, x / dotColumns] |= Bits[fromTop % dotRows, x % dotColumns];
    }

    private static int Dot(double share, int count) => (int)Math.Round(Math.Clamp(share, 0, 1) * (count - 1));
}
