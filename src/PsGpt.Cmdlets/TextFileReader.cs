using System.Text;

namespace PsGpt.Commands;

/// <summary>Reads text files piece by piece, with a progress bar: a file of any size takes no more memory than a piece.</summary>
/// <param name="cmdlet">The cmdlet that shows the bar and that Ctrl+C stops.</param>
internal sealed class TextFileReader(GptCmdlet cmdlet)
{
    private const int PieceLength = 1 << 16;

    private readonly char[] piece = new char[PieceLength];

    /// <summary>Takes a piece of text; the characters are valid until it returns.</summary>
    public delegate void TextSink(ReadOnlySpan<char> text);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The full path of a text file, UTF-8 unless a byte order mark says otherwise.</param>
    /// <param name="sink">Takes the text.</param>
    /// <exception cref="GptException"><c>PathIsFolder</c>.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void Read(string path, TextSink sink)
    {
        if (Directory.Exists(path))
        {
            throw new GptException("PathIsFolder", GptErrorKind.InvalidArgument,
                $"'{path}' is a folder, not a text file. Give its files, such as '{Path.Join(path, "*.txt")}'.");
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1);
        using var text = new StreamReader(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, PieceLength);
        using var progress = new ProgressReport(cmdlet, $"Reading {Path.GetFileName(path)}", isOftenShort: true);
        for (int count; (count = text.ReadBlock(piece)) > 0;)
        {
            cmdlet.StopToken.ThrowIfCancellationRequested();
            sink(piece.AsSpan(0, count));
            if (count == PieceLength)
                progress.Update(file.CanSeek ? (double)file.Position / file.Length : 0, () => $"{file.Position / 1e6:N0} MB");
        }
    }
}
