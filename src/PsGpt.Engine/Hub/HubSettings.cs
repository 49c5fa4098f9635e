using System.Globalization;
using System.Text.RegularExpressions;

namespace PsGpt.Hub;

/// <summary>Where models come from and where they are kept, by the same environment variables as Hugging Face's own tools.</summary>
public sealed partial record HubSettings
{
    /// <summary>The address of the hub (<c>HF_ENDPOINT</c>).</summary>
    public Uri Endpoint { get; init; } = new("https://huggingface.co");

    /// <summary>The folder of the cache (<c>HF_HUB_CACHE</c>, or <c>hub</c> in <c>HF_HOME</c>).</summary>
    public required string CacheFolder { get; init; }

    /// <summary>What proves who asks (<c>HF_TOKEN</c>, or the file <c>token</c> in <c>HF_HOME</c>); null asks as nobody.</summary>
    public string? Token { get; init; }

    /// <summary>Whether the network is left alone (<c>HF_HUB_OFFLINE</c>).</summary>
    public bool IsOffline { get; init; }

    /// <summary>Whether snapshots are made of symbolic links if the disk can hold them (not with <c>HF_HUB_DISABLE_SYMLINKS</c>).</summary>
    public bool UsesSymbolicLinks { get; init; } = true;

    /// <summary>How long a server may say nothing before it counts as gone (<c>HF_HUB_DOWNLOAD_TIMEOUT</c>, in seconds).</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The settings that the environment of this process asks for.</summary>
    /// <exception cref="GptException"><c>HubSettingInvalid</c>, <c>HubTokenUnreadable</c>.</exception>
    public static HubSettings FromEnvironment() => From(Environment.GetEnvironmentVariable);

    /// <summary>Names no token: it must not get into logs.</summary>
    public override string ToString() => $"{Endpoint} in {CacheFolder}";

    /// <param name="environment">Gives the value of a variable, or null.</param>
    internal static HubSettings From(Func<string, string?> environment)
    {
        var home = Folder("HF_HOME") ?? Path.Combine(Folder("XDG_CACHE_HOME") ?? Path.Combine(UserFolder, ".cache"), "huggingface");
        var offline = Value("HF_HUB_OFFLINE") ?? Value("TRANSFORMERS_OFFLINE");
        return new HubSettings
        {
            Endpoint = Value("HF_ENDPOINT") is { } endpoint ? ReadEndpoint(endpoint) : new Uri("https://huggingface.co"),
            CacheFolder = Path.GetFullPath(Folder("HF_HUB_CACHE") ?? Folder("HUGGINGFACE_HUB_CACHE") ?? Path.Combine(home, "hub")),
            Token = IsTrue(Value("HF_HUB_DISABLE_IMPLICIT_TOKEN")) ? null :
                Clean(Value("HF_TOKEN") ?? Value("HUGGING_FACE_HUB_TOKEN"))
                ?? ReadToken(Folder("HF_TOKEN_PATH") ?? Path.Combine(home, "token")),
            IsOffline = IsTrue(offline),
            UsesSymbolicLinks = !IsTrue(Value("HF_HUB_DISABLE_SYMLINKS")),
            Timeout = TimeSpan.FromSeconds(Value("HF_HUB_DOWNLOAD_TIMEOUT") is { } seconds ? ReadSeconds(seconds) : 10),
        };

        string? Value(string name) => environment(name) is { Length: > 0 } value ? value : null;

        string? Folder(string name) => Value(name) is { } path ? Expand(path, environment) : null;
    }

    private static string UserFolder => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private static bool IsTrue(string? value) => value?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";

    /// <summary>
    /// A path may begin with <c>~</c> and name other variables, as in Python: <c>$NAME</c>, <c>${NAME}</c>, on Windows <c>%NAME%</c>.
    /// </summary>
    private static string Expand(string path, Func<string, string?> environment)
    {
        if (path is "~" or ['~', '/' or '\\', ..])
            path = UserFolder + path[1..];
        path = Variable().Replace(path, match => environment(match.Groups[1].Value) ?? match.Value);
        return OperatingSystem.IsWindows() ? Environment.ExpandEnvironmentVariables(path) : path;
    }

    private static Uri ReadEndpoint(string text) =>
        Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var endpoint) && endpoint.Scheme is "https" or "http"
            ? endpoint : throw new GptException("HubSettingInvalid", GptErrorKind.InvalidArgument,
                $"HF_ENDPOINT is '{text}', which is no address of a hub. " +
                "Set it to one such as https://huggingface.co, or remove it.");

    private static int ReadSeconds(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 86400
            ? seconds : throw new GptException("HubSettingInvalid", GptErrorKind.InvalidArgument,
                $"HF_HUB_DOWNLOAD_TIMEOUT is '{text}'. Set it to a number of seconds, or remove it.");

    private static string? Clean(string? token)
    {
        if (string.IsNullOrWhiteSpace(token))
            return null;
        var clean = token.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal).Trim();
        return clean.All(c => c is > ' ' and < (char)127) ? clean : throw new GptException(
            "HubSettingInvalid", GptErrorKind.InvalidArgument,
            "The token for the hub (HF_TOKEN, or the file 'token' in HF_HOME) has characters that no token has. " +
            "Copy it again from your account's page.");
    }

    private static string? ReadToken(string path)
    {
        try
        {
            return File.Exists(path) ? Clean(File.ReadAllText(path)) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new GptException("HubTokenUnreadable", GptErrorKind.ReadFailed,
                $"The token in '{path}' cannot be read: {exception.Message} Repair the file, or set HF_TOKEN.", exception);
        }
    }

    [GeneratedRegex(@"\$\{?(\w+)\}?")]
    private static partial Regex Variable();
}
