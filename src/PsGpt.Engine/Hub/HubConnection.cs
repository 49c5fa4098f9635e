using System.Net;
using System.Net.Http.Headers;

namespace PsGpt.Hub;

/// <summary>Requests to the hub. Follows redirections itself, so that the token is sent to the hub alone and to no other host.</summary>
/// <param name="settings">Where the hub is, and how long an answer may take.</param>
/// <param name="clock">Measures that.</param>
internal sealed class HubConnection(HubSettings settings, TimeProvider clock) : IDisposable
{
    private const int MostRedirections = 10;
    private const int MostBytes = 64 << 10;

    private readonly HttpClient client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,

        // A hub on this machine is a mirror or a tunnel: a proxy elsewhere could not find it.
        UseProxy = !settings.Endpoint.IsLoopback,

        // The text of an error is not read: a connection is closed if more of it is left.
        MaxResponseDrainSize = MostBytes,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>The address of a file.</summary>
    public Uri AddressOf(HubName name, string revision, string file) =>
        new($"{Base}/{name.Repository}/resolve/{Uri.EscapeDataString(revision)}/{Uri.EscapeDataString(file)}");

    /// <summary>Asks what a file is, without its bytes.</summary>
    /// <returns>Null where the revision has no such file.</returns>
    /// <exception cref="TransientFailure">The hub may answer later.</exception>
    /// <exception cref="GptException">The errors of <see cref="HubErrors"/>.</exception>
    public HubFileHeader? Head(HubName name, string revision, string file, CancellationToken cancellationToken)
    {
        var address = AddressOf(name, revision, file);
        using var response = Send(
            HttpMethod.Head, address, _ => { }, response => HubFileHeader.From(response) is not null, cancellationToken);
        if (HubErrors.IsFileMissing(response))
            return null;
        HubErrors.ThrowUnlessGood(response, name, revision);
        return HubFileHeader.From(response)
            ?? throw HubErrors.ResponseInvalid(address, "it does not say what the file's commit, tag and size are");
    }

    /// <summary>Asks for the bytes of a file.</summary>
    /// <param name="start">The first byte that is wanted.</param>
    /// <param name="tag">The tag of the content that the earlier bytes are of.</param>
    public HttpResponseMessage Get(Uri address, long start, string tag, CancellationToken cancellationToken) => Send(
        HttpMethod.Get,
        address,
        request =>
        {
            if (start == 0)
                return;
            request.Headers.Range = new RangeHeaderValue(start, null);

            // Other hosts, to which the hub sends us for large files, have tags of their own: there the checksum decides.
            if (IsOfHub(request.RequestUri!))
                request.Headers.IfRange = new RangeConditionHeaderValue($"\"{tag}\"");
        },
        _ => false,
        cancellationToken);

    /// <summary>The whole of a small answer.</summary>
    /// <exception cref="TransientFailure">The connection was cut.</exception>
    /// <exception cref="HttpRequestException">The hub refuses.</exception>
    /// <exception cref="GptException"><c>HubResponseInvalid</c>: it is longer than 64 KB.</exception>
    public byte[] GetBytes(string path, CancellationToken cancellationToken)
    {
        using var response = Send(HttpMethod.Get, new Uri($"{Base}/{path}"), _ => { }, _ => false, cancellationToken);
        response.EnsureSuccessStatusCode();
        var address = response.RequestMessage!.RequestUri!;
        using var stream = response.Content.ReadAsStream(cancellationToken);
        var (bytes, length) = (new byte[MostBytes + 1], 0);
        for (int count; length < bytes.Length && (count = Read(stream, bytes.AsMemory(length), address, cancellationToken)) > 0;)
            length += count;
        return length <= MostBytes
            ? bytes[..length] : throw HubErrors.ResponseInvalid(address, $"its answer is longer than {MostBytes:N0} bytes");
    }

    /// <summary>Reads the next bytes of an answer; 0 at its end.</summary>
    /// <exception cref="TransientFailure">The connection was cut, or nothing came for too long.</exception>
    public int Read(Stream stream, Memory<byte> buffer, Uri address, CancellationToken cancellationToken) =>
        Await(token => stream.ReadAsync(buffer, token).AsTask(), address, cancellationToken);

    /// <summary>Whether an address is the hub's own, and not of a host that it redirects to.</summary>
    public bool IsOfHub(Uri address) =>
        0 == Uri.Compare(
            address, settings.Endpoint, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase);

    public void Dispose() => client.Dispose();

    private string Base => settings.Endpoint.AbsoluteUri.TrimEnd('/');

    private HttpResponseMessage Send(
        HttpMethod method, Uri address, Action<HttpRequestMessage> prepare, Func<HttpResponseMessage, bool> isEnough,
        CancellationToken cancellationToken)
    {
        for (var i = 0; i <= MostRedirections; i++)
        {
            using var request = new HttpRequestMessage(method, address);
            request.Headers.TryAddWithoutValidation("User-Agent", "PsGpt");
            request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
            if (settings.Token is not null && IsOfHub(address))
                request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {settings.Token}");
            prepare(request);
            var response = Await(
                token => client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), address, cancellationToken);
            if (response.StatusCode is < HttpStatusCode.MultipleChoices or >= HttpStatusCode.BadRequest || isEnough(response))
                return response;
            using (response)
                address = Follow(address, response);
        }

        throw HubErrors.ResponseInvalid(address, "it redirects in a circle");
    }

    private static Uri Follow(Uri address, HttpResponseMessage response)
    {
        if (response.Headers.Location is not { } location)
            throw HubErrors.ResponseInvalid(address, $"it redirects to nowhere ({(int)response.StatusCode})");
        if (!Uri.TryCreate(address, location, out var next))
            throw HubErrors.ResponseInvalid(address, $"it redirects to '{location.OriginalString}', which is no address");
        return next.Scheme == Uri.UriSchemeHttps || (next.Scheme == Uri.UriSchemeHttp && address.Scheme == Uri.UriSchemeHttp)
            ? next : throw HubErrors.ResponseInvalid(address, $"it redirects to '{next.Scheme}', which is less safe");
    }

    /// <summary>
    /// Waits for the network on the calling thread, where progress is reported, too. The asynchronous calls are the ones that can
    /// be stopped at any moment, in a slow name resolution as well as in a silent connection.
    /// </summary>
    private T Await<T>(Func<CancellationToken, Task<T>> start, Uri address, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(settings.Timeout, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return start(end.Token).GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var problem = exception is OperationCanceledException
                ? $"no answer within {settings.Timeout.TotalSeconds} s" : exception.Message;
            var error = HubErrors.Unreachable(address, problem, exception);

            // Another attempt does not make a certificate trusted.
            if (exception is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError })
                throw error;
            throw new TransientFailure(error);
        }
    }
}
