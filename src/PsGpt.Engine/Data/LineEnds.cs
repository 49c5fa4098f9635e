namespace PsGpt.Data;

/// <summary>Turns the line ends of a text that comes in pieces into those that <c>Get-Content</c> and a join by LF would give.</summary>
internal sealed class LineEnds
{
    private char[] converted = [];
    private bool endsInCarriageReturn;
    private bool lineEndIsPending;

    /// <summary>
    /// CR LF and CR become LF. A LF is given only when something follows it, so the last line end of the text is left out.
    /// </summary>
    /// <returns>The next piece; valid until the next call.</returns>
    public ReadOnlyMemory<char> Convert(ReadOnlyMemory<char> piece)
    {
        if (converted.Length < piece.Length + 1)
            converted = new char[piece.Length + 1];
        var count = 0;
        foreach (var character in piece.Span)
        {
            if (character == '\n' && endsInCarriageReturn)
            {
                endsInCarriageReturn = false;
                continue;
            }

            if (lineEndIsPending)
                converted[count++] = '\n';
            endsInCarriageReturn = character == '\r';
            lineEndIsPending = character is '\r' or '\n';
            if (!lineEndIsPending)
                converted[count++] = character;
        }

        return converted.AsMemory(0, count);
    }
}
