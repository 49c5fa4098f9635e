using System.Net;

namespace PsGpt.Hub;

/// <summary>Turns the hub's answers into errors that a user can act on.</summary>
internal static class HubErrors
{
    private const int LongestQuote = 300;

    /// <summary>Whether the revision exists but lacks the file.</summary>
    public static bool IsFileMissing(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.NotFound && HubFileHeader.Header(response, "X-Error-Code") is null or "EntryNotFound";

    /// <summary>Lets good answers and redirections pass.</summary>
    /// <exception cref="TransientFailure">The server is busy or broken: <c>HubUnreachable</c> where it stays so.</exception>
    /// <exception cref="GptException">
    /// <c>HubModelNotFound</c>, <c>HubRevisionNotFound</c>, <c>HubFileMissing</c>, <c>HubAccessDenied</c>, <c>HubResponseInvalid</c>.
    /// </exception>
    public static void ThrowUnlessGood(HttpResponseMessage response, HubName name, string revision)
    {
        var status = (int)response.StatusCode;
        if (status < 400)
            return;
        var host = response.RequestMessage!.RequestUri!;
        if (status is 408 or 429 or >= 500)
        {
            var busy = Unavailable(host, $"is not able to answer now ({StatusOf(response)})", null);
            throw new TransientFailure(busy, response.Headers.RetryAfter?.Delta);
        }


        var said = HubFileHeader.Header(response, "X-Error-Message") is { Length: > 0 } text
            ? $" The hub says: {ForeignText.Shorten(text, LongestQuote).TrimEnd('.')}." : "";
        throw (HubFileHeader.Header(response, "X-Error-Code"), status) switch
        {
            ("RevisionNotFound", _) => new GptException("HubRevisionNotFound", GptErrorKind.NotFound,
                $"The model '{name.Repository}' on the hub has no revision '{revision}'. " +
                "Give the name of a branch or tag, such as main, or a whole commit id."),
            ("GatedRepo", _) or (not "RepoNotFound", 403) => new GptException("HubAccessDenied", GptErrorKind.AccessDenied,
                $"The hub does not give you '{name.Repository}'.{said} " +
                "Accept the model's terms on its page, and set HF_TOKEN to a token that may read it."),
            ("RepoNotFound", _) or (_, 401) => new GptException("HubModelNotFound", GptErrorKind.NotFound,
                $"There is no model '{name.Repository}' on the hub, or it is private.{said} " +
                "Check the spelling, or set HF_TOKEN to a token that may read it."),
            (_, 404) => new GptException("HubFileMissing", GptErrorKind.NotFound,
                $"The hub no longer has '{host.AbsolutePath}'. Try again."),
            _ => ResponseInvalid(host, $"{StatusOf(response)}.{said}"),
        };
    }

    /// <summary>
    /// Refusals of the other host that the hub redirects to for the bytes. They say nothing about the model, but something about the
    /// network, such as a firewall that lets only the hub through.
    /// </summary>
    /// <exception cref="GptException"><c>HubUnreachable</c>.</exception>
    public static void ThrowWhereRefusedElsewhere(HttpResponseMessage response)
    {
        if ((int)response.StatusCode is >= 400 and not (408 or 429 or >= 500))
            throw Unavailable(response.RequestMessage!.RequestUri!, $"refuses the file ({StatusOf(response)})", null);
    }

    private static string StatusOf(HttpResponseMessage response) =>
        $"{(int)response.StatusCode} {ForeignText.Shorten(response.ReasonPhrase ?? "", LongestQuote)}".TrimEnd();

    public static GptException Unreachable(Uri address, string problem, Exception? inner) =>
        Unavailable(address, $"cannot be reached: {problem.TrimEnd('.')}", inner);

    private static GptException Unavailable(Uri address, string problem, Exception? inner) => new(
        "HubUnreachable", GptErrorKind.ConnectionFailed,
        $"'{address.Host}' {problem}. Check the connection and try again: the part that was downloaded is kept. " +
        "HF_ENDPOINT names another hub.", inner);

    public static GptException ResponseInvalid(Uri address, string problem) => new(
        "HubResponseInvalid", GptErrorKind.InvalidData,
        $"'{address.Host}' does not answer as a hub of models does: {problem.TrimEnd('.')}. " +
        "Check HF_ENDPOINT, and whether there is a proxy in between.");
}
