using System.Net;

namespace PsGpt.Hub;

/// <summary>
/// Downloads one content beside its blob, as <c>.incomplete</c>, goes on where an earlier download stopped, and renames it when
/// its size and checksum are right. Whoever calls it holds the blob's lock.
/// </summary>
internal sealed class BlobDownload(HubConnection connection, TimeProvider clock, IProgress<HubProgress>? progress, CancellationToken cancellationToken)
{
    private const int PartLength = 1 << 18;

    /// <param name="source">The model and the file that error messages speak of.</param>
    /// <param name="address">Where the bytes are.</param>
    /// <exception cref="GptException"><c>HubUnreachable</c>, <c>HubDownloadCorrupt</c>, and what <see cref="HubErrors"/> says.</exception>
    /// <exception cref="IOException">The disk is full or refuses.</exception>
    public void Run((HubName Name, string File) source, Uri address, HubFileHeader header, string blobPath)
    {
        var incompletePath = $"{blobPath}.incomplete";
        while (true)
        {
            bool isResumed, isRight;
            using (var file = new FileStream(incompletePath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0))
            {
                if (file.Length > header.Size)
                    file.SetLength(0);
                isResumed = file.Length > 0;
                Fetch(source, address, header, file);
                file.Flush(flushToDisk: true);
                file.Position = 0;
                isRight = BlobHash.Matches(file, header.Tag, done => Report(source.File, done, header, HubPhase.Verifying), cancellationToken);
            }

            if (isRight)
            {
                File.Move(incompletePath, blobPath, overwrite: true);
                return;
            }

            // What an earlier download left may have been wrong: once more from the start, which then must be right.
            File.Delete(incompletePath);
            if (!isResumed)
                throw Corrupt(source, "its checksum is not the one that the hub names");
        }
    }

    private void Fetch((HubName Name, string File) source, Uri address, HubFileHeader header, FileStream file)
    {
        var policy = new RetryPolicy(clock);
        while (file.Length < header.Size)
        {
            var before = file.Length;
            try
            {
                FetchRest(source, address, header, file);
            }
            catch (TransientFailure failure)
            {
                if (file.Length > before)
                    policy.Reset();
                Report(source.File, file.Length, header, HubPhase.Retrying);
                policy.Wait(failure, cancellationToken);
            }
        }
    }

    private void FetchRest((HubName Name, string File) source, Uri address, HubFileHeader header, FileStream file)
    {
        using var response = connection.Get(address, file.Length, header.Tag, cancellationToken);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            throw Corrupt(source, $"it ends before the {header.Size:N0} bytes that the hub names");
        HubErrors.ThrowUnlessGood(response, source.Name, header.Commit);
        PlaceAt(response, file);
        if (response.Content.Headers.ContentLength is { } length && file.Length + length != header.Size)
            throw Corrupt(source, $"it has {file.Length + length:N0} bytes, but the hub names {header.Size:N0}");

        var from = response.RequestMessage!.RequestUri!;
        using var stream = response.Content.ReadAsStream(cancellationToken);
        var part = new byte[PartLength];
        for (int count; (count = connection.Read(stream, part, from, cancellationToken)) > 0;)
        {
            if (file.Length + count > header.Size)
                throw Corrupt(source, $"it has more than the {header.Size:N0} bytes that the hub names");
            file.Write(part, 0, count);
            Report(source.File, file.Length, header, HubPhase.Downloading);
        }

        if (file.Length < header.Size)
            throw new TransientFailure(HubErrors.Unreachable(from, "the connection was cut", null));
    }

    /// <summary>Puts the file where the answer's bytes go: to its end, or to its start where the server sends all of them.</summary>
    private static void PlaceAt(HttpResponseMessage response, FileStream file)
    {
        if (response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From != file.Length)
            throw HubErrors.ResponseInvalid(response.RequestMessage!.RequestUri!, "it sends another part of the file than was asked for");
        if (response.StatusCode != HttpStatusCode.PartialContent && file.Length > 0)
            file.SetLength(0);
        file.Position = file.Length;
    }

    private void Report(string file, long done, HubFileHeader header, HubPhase phase) => progress?.Report(new HubProgress(file, done, header.Size, phase));

    private static GptException Corrupt((HubName Name, string File) source, string problem) => new(
        "HubDownloadCorrupt", GptErrorKind.InvalidData,
        $"The file '{source.File}' of '{source.Name}' arrived broken: {problem}. Try again; if it stays so, a proxy in between changes it.");
}
