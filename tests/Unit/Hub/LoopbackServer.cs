using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PsGpt.Unit.Hub;

/// <summary>An HTTP server on this machine, on a port of its own, that answers as a test says and remembers what it was asked.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private const int BlockLength = 1 << 16;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<Request> requests = new();
    private readonly Func<Request, Reply> answer;
    private long bytesSent;

    public LoopbackServer(Func<Request, Reply> answer)
    {
        this.answer = answer;
        listener.Start();
        _ = AcceptAsync();
    }

    internal sealed record Request(string Method, string Path, IReadOnlyDictionary<string, string> Headers)
    {
        public string? Header(string name) => Headers.GetValueOrDefault(name);
    }

    internal sealed record Reply(int Status, byte[] Body, params (string Name, string Value)[] Headers)
    {
        /// <summary>The connection is cut after so many bytes of the body.</summary>
        public int? BytesBeforeCut { get; init; }

        /// <summary>Nothing is sent at all, and the connection stays open.</summary>
        public bool IsSilent { get; init; }
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    public IReadOnlyList<Request> Requests => [.. requests];

    /// <summary>The bytes of bodies that the system took so far: those that were read, and what its buffers hold.</summary>
    public long BytesSent => Interlocked.Read(ref bytesSent);

    public void Forget() => requests.Clear();

    public void Dispose()
    {
        stop.Cancel();
        listener.Stop();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptTcpClientAsync(stop.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                if (await ReadAsync(new StreamReader(stream, Encoding.ASCII)) is { } request)
                {
                    requests.Enqueue(request);
                    await WriteAsync(stream, request, answer(request));
                }
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException)
            {
                // The client went away: some tests are about that.
            }
        }
    }

    private static async Task<Request?> ReadAsync(StreamReader reader)
    {
        if ((await reader.ReadLineAsync())?.Split(' ') is not [var method, var path, _])
            return null;
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
            headers[line[..line.IndexOf(':', StringComparison.Ordinal)]] = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        return new Request(method, path, headers);
    }

    private async Task WriteAsync(NetworkStream stream, Request request, Reply reply)
    {
        if (reply.IsSilent)
            await Task.Delay(Timeout.Infinite, stop.Token);
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {reply.Status} Status\r\nConnection: close\r\n");
        foreach (var (name, value) in reply.Headers)
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        if (!reply.Headers.Any(header => header.Name == "Content-Length"))
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {reply.Body.Length}\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()));
        var end = request.Method == "HEAD" ? 0 : Math.Min(reply.BytesBeforeCut ?? int.MaxValue, reply.Body.Length);
        for (int start = 0, count; start < end; start += count)
        {
            count = Math.Min(BlockLength, end - start);
            await stream.WriteAsync(reply.Body.AsMemory(start, count));
            Interlocked.Add(ref bytesSent, count);
        }

        await stream.FlushAsync();
    }
}
