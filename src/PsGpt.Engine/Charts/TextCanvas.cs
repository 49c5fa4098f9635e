namespace PsGpt.Charts;

/// <summary>
/// Characters to draw on: a curve in the dots of braille, 2 x 4 in a character, or in characters of its own, and marks over it.
/// </summary>
/// <param name="columns">The characters of a row.</param>
/// <param name="rows">The rows.</param>
/// <param name="isBraille">Whether lines are drawn in dots.</param>
internal sealed class TextCanvas(int columns, int rows, bool isBraille)
{
    private const char BlankBraille = '\u2800';

    // The bits of braille's dots, from the top down, left and right.
    private static readonly int[,] Bits = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };

    private readonly int dotColumns = isBraille ? 2 : 1;
    private readonly int dotRows = isBraille ? 4 : 1;
    private readonly int[,] dots = new int[rows, columns];
    private readonly char[,] marks = new char[rows, columns];

    private int Width => columns * dotColumns;

    private int Height => rows * dotRows;

    /// <summary>Draws a line between two places; x goes from 0 (left) to 1, y from 0 (bottom) to 1.</summary>
    /// <param name="from">The one end.</param>
    /// <param name="to">The other end.</param>
    /// <param name="character">The character of the line where it is not drawn in dots.</param>
    public void DrawLine((double X, double Y) from, (double X, double Y) to, char character)
    {
        var (x0, y0, x1, y1) = (Dot(from.X, Width), Dot(from.Y, Height), Dot(to.X, Width), Dot(to.Y, Height));
        var length = Math.Max(Math.Abs(x1 - x0), Math.Abs(y1 - y0));
        for (var i = 0; i <= length; i++)
        {
            var share = length == 0 ? 0 : (double)i / length;
            Set((int)Math.Round(x0 + (share * (x1 - x0))), (int)Math.Round(y0 + (share * (y1 - y0))), character);
        }
    }

    /// <summary>Puts a mark at a place.</summary>
    public void Mark((double X, double Y) place, char character) =>
        marks[rows - 1 - Dot(place.Y, rows), Dot(place.X, columns)] = character;

    /// <summary>A row as text, from the top down.</summary>
    public string Row(int row) => string.Create(columns, (this, row), static (text, state) =>
    {
        for (var i = 0; i < text.Length; i++)
            text[i] = state.Item1.Character(state.row, i);
    });

    private char Character(int row, int column) => (marks[row, column], dots[row, column]) switch
    {
        ('\0', 0) => ' ',
        ('\0', var bits) => (char)(BlankBraille + bits),
        (var mark, _) => mark,
    };

    private void Set(int x, int y, char character)
    {
        var fromTop = Height - 1 - y;
        if (isBraille)
            dots[fromTop / dotRows, x / dotColumns] |= Bits[fromTop % dotRows, x % dotColumns];
        else
            marks[fromTop, x] = character;
    }

    private static int Dot(double share, int count) => (int)Math.Round(Math.Clamp(share, 0, 1) * (count - 1));
}
