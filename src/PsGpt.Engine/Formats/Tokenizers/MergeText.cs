namespace PsGpt.Formats.Tokenizers;

/// <summary>A merge as files write it: the texts of two tokens.</summary>
internal sealed record MergeText(ReadOnlyMemory<char> Left, ReadOnlyMemory<char> Right)
{
    /// <summary>The merge that stands in a line as "a b"; no token has a blank, since bytes are written as other characters.</summary>
    /// <exception cref="FormatException">There are not two tokens.</exception>
    public static MergeText Parse(ReadOnlyMemory<char> line)
    {
        var blank = line.Span.IndexOf(' ');
        if (blank <= 0 || blank == line.Length - 1 || line.Span[(blank + 1)..].Contains(' '))
            throw new FormatException($"'{Shortened(line.Span)}' is not a merge of two tokens");
        return new(line[..blank], line[(blank + 1)..]);
    }

    /// <summary>Whether the two make a token.</summary>
    public bool Makes(string token) =>
        token.Length == Left.Length + Right.Length
        && token.AsSpan().StartsWith(Left.Span, StringComparison.Ordinal) && token.AsSpan().EndsWith(Right.Span, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Shortened($"{Left} {Right}");

    /// <summary>A file that is not what it seems may be one line of any length.</summary>
    private static string Shortened(ReadOnlySpan<char> line) => line.Length <= 40 ? line.ToString() : $"{line[..40]}…";
}
