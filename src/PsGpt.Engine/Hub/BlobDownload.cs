using System.Net;

namespace PsGpt.Hub;

/// <summary>
/// Downloads one content beside its blob, as <c>.incomplete</c>, goes on where an earlier download stopped, and renames it when
/// its size and checksum are right. Whoever calls it holds the blob's lock.
/// </summary>
internal sealed class BlobDownload(
    HubConnection connection, HubFile source, TimeProvider clock, IProgress<HubProgress>? progress, CancellationToken cancellationToken)
{
    private const int PartLength = 1 << 18;

    /// <param name="blobPath">Where the content belongs.</param>
    /// <exception cref="GptException"><c>HubUnreachable</c>, <c>HubDownloadCorrupt</c>, and what <see cref="HubErrors"/> says.</exception>
    /// <exception cref="IOException">The disk is full or refuses.</exception>
    public void Run(string blobPath)
    {
        var incompletePath = $"{blobPath}.incomplete";
        while (true)
        {
            bool isResumed, isRight;
            using (var file = new FileStream(incompletePath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0))
            {
                if (file.Length > source.Header.Size)
                    file.SetLength(0);
                isResumed = file.Length > 0;
                Fetch(file);
                file.Flush(flushToDisk: true);
                file.Position = 0;
                isRight = BlobHash.Matches(file, source.Header.Tag, done => Report(done, HubPhase.Verifying), cancellationToken);
            }

            if (isRight)
            {
                File.Move(incompletePath, blobPath, overwrite: true);
                return;
            }

            // What an earlier download left may have been wrong: once more from the start, which then must be right.
            File.Delete(incompletePath);
            if (!isResumed)
                throw Corrupt("its checksum is not the one that the hub names");
        }
    }

    private void Fetch(FileStream file)
    {
        var policy = new RetryPolicy(clock);
        while (file.Length < source.Header.Size)
        {
            var before = file.Length;
            try
            {
                FetchRest(file);
            }
            catch (TransientFailure failure)
            {
                if (file.Length > before)
                    policy.Reset();
                Report(file.Length, HubPhase.Retrying);
                policy.Wait(failure, cancellationToken);
            }
        }
    }

    private void FetchRest(FileStream file)
    {
        using var response = connection.Get(source.Address, file.Length, source.Header.Tag, cancellationToken);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && file.Length > 0)
        {
            // Then all of it, without a range.
            file.SetLength(0);
            return;
        }

        var from = response.RequestMessage!.RequestUri!;
        if (!connection.IsOfHub(from))
            HubErrors.ThrowWhereRefusedElsewhere(response);
        HubErrors.ThrowUnlessGood(response, source.Model, source.Header.Commit);
        PlaceAt(StartOf(response, file.Length), file);
        using var stream = response.Content.ReadAsStream(cancellationToken);
        var part = new byte[PartLength];
        for (int count; (count = connection.Read(stream, part, from, cancellationToken)) > 0;)
        {
            if (file.Length + count > source.Header.Size)
                throw Corrupt($"it has more than the {source.Header.Size:N0} bytes that the hub names");
            file.Write(part, 0, count);
            Report(file.Length, HubPhase.Downloading);
        }

        if (file.Length < source.Header.Size)
            throw new TransientFailure(HubErrors.Unreachable(from, "the connection was cut", null));
    }

    /// <summary>The place of the answer's first byte: that which was asked for, or 0 where the server sends all of them.</summary>
    private long StartOf(HttpResponseMessage response, long asked)
    {
        var start = response.StatusCode == HttpStatusCode.PartialContent ? response.Content.Headers.ContentRange?.From : 0;
        if (start is not 0 && start != asked)
            throw HubErrors.ResponseInvalid(response.RequestMessage!.RequestUri!, "it sends another part of the file than was asked for");
        if (response.Content.Headers.ContentLength is { } length && start + length != source.Header.Size)
            throw Corrupt($"it has {start + length:N0} bytes, but the hub names {source.Header.Size:N0}");
        return start.Value;
    }

    /// <summary>What is there already goes only when the answer has turned out to be one that replaces it.</summary>
    private static void PlaceAt(long start, FileStream file)
    {
        if (start < file.Length)
            file.SetLength(start);
        file.Position = start;
    }

    private void Report(long done, HubPhase phase) => progress?.Report(new HubProgress(source.Name, done, source.Header.Size, phase));

    private GptException Corrupt(string problem) => new(
        "HubDownloadCorrupt", GptErrorKind.InvalidData,
        $"The file '{source.Name}' of '{source.Model}' arrived broken: {problem}. " +
        "Try again; if it stays so, a proxy in between changes it.");
}
