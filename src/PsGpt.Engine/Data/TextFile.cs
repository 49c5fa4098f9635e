namespace PsGpt.Data;

/// <summary>
/// Reads text files of any size in constant memory. Bytes that are no text are an error with their place: nothing becomes U+FFFD.
/// </summary>
public static class TextFile
{
    private const int MinBlockLength = 1 << 16;

    /// <summary>A block of a long file is then enough for two threads to encode.</summary>
    private const int MaxBlockLength = 1 << 20;

    /// <summary>Reads a file piece by piece.</summary>
    /// <param name="path">The file; a pipe or another file without a length will do.</param>
    /// <param name="options">Its encoding and line ends.</param>
    /// <param name="progress">Receives the share that has been read, 0 to 1; always 0 where the file has no length.</param>
    /// <param name="cancellationToken">Stops the call, also while it waits for a pipe or a network.</param>
    /// <returns>Pieces in order; each is valid until the next one is asked for.</returns>
    /// <exception cref="GptException">
    /// <c>PathIsFolder</c>; <c>TextIsBinary</c>: the file begins as a known binary format; <c>TextEncodingInvalid</c>: bytes are invalid
    /// in the encoding; <c>TextHasNull</c>: it has a NUL character, and no encoding was given.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public static IEnumerable<ReadOnlyMemory<char>> Read(
        string path, TextFileOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return ReadPieces(path, options ?? new TextFileOptions(), progress, cancellationToken);
    }

    private static IEnumerable<ReadOnlyMemory<char>> ReadPieces(
        string path, TextFileOptions options, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        using var file = BlockingCall.Run(() => Open(path), cancellationToken);
        var lineEnds = options.NoCarriageReturn ? new LineEnds() : null;

        // A pipe is read in short blocks, since a whole one is waited for. One byte more than the file has shows at once that it ends.
        var bytes = new byte[file.CanSeek ? Math.Clamp(file.Length + 1, MinBlockLength, MaxBlockLength) : MinBlockLength];
        TextDecoder? decoder = null;
        for (var isEnd = false; !isEnd;)
        {
            var count = BlockingCall.Run(() => file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false), cancellationToken);
            isEnd = count < bytes.Length;
            decoder ??= TextDecoder.Create(path, bytes.AsSpan(0, count), options.Encoding);
            var piece = decoder.Decode(bytes.AsMemory(0, count), isEnd);
            yield return lineEnds?.Convert(piece) ?? piece;
            progress?.Report(file.CanSeek && file.Length > 0 ? Math.Min(1, (double)file.Position / file.Length) : 0);
        }
    }

    private static FileStream Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw new GptException("PathIsFolder", GptErrorKind.InvalidArgument,
                $"'{path}' is a folder, not a text file. Give its files, such as '{Path.Join(path, "*.txt")}'.");
        }

        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1);
    }
}
