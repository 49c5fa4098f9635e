using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PsGpt.Formats;
using PsGpt.Hub;
using PsGpt.Model;
using PsGpt.Tokenization;
using PsGpt.Unit.Formats;
using Reply = PsGpt.Unit.Hub.LoopbackServer.Reply;
using Request = PsGpt.Unit.Hub.LoopbackServer.Request;

namespace PsGpt.Unit.Hub;

/// <summary>
/// A hub with one model, <c>owner/tiny</c>, that speaks as huggingface.co does: small files from itself, with git's hash as their
/// tag; large ones (here: weights) by a redirection to another host, with their SHA-256.
/// </summary>
internal sealed class FakeHub : IDisposable
{
    public const string Repository = "owner/tiny";
    public const string Folder = "models--owner--tiny";
    private const string Resolve = $"/{Repository}/resolve/";

    private readonly TemporaryFolder folder = new();

    public FakeHub()
    {
        (Server, Store) =
            (new LoopbackServer(request => Answer?.Invoke(request) ?? Default(request)),
            new LoopbackServer(request => AnswerOfStore?.Invoke(request) ?? Content(request)));
        using var model = ModelInitializer.Create(Configuration, CharacterTrainer.Train(["abc"]), seed: 1);
        ModelFile.Write(model, folder["model"], "huggingface");
        foreach (var file in Directory.EnumerateFiles(folder["model"]))
            Files[Path.GetFileName(file)] = File.ReadAllBytes(file);
        Settings = new HubSettings { Endpoint = new Uri(Server.Address), CacheFolder = folder["cache"], Timeout = ImpatientClock.Patience };
    }

    public static GptConfiguration Configuration { get; } =
        new() { VocabularySize = 20, ContextLength = 4, LayerCount = 1, HeadCount = 1, ChannelCount = 4 };

    public LoopbackServer Server { get; }

    /// <summary>The host of the large files.</summary>
    public LoopbackServer Store { get; }

    public string Commit { get; set; } = new('a', 40);

    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>What the hub answers; null leaves it to the usual.</summary>
    public Func<Request, Reply?>? Answer { get; set; }

    /// <inheritdoc cref="Answer"/>
    public Func<Request, Reply?>? AnswerOfStore { get; set; }

    public HubSettings Settings { get; set; }

    public byte[] Weights => Files["model.safetensors"];

    public string WeightsTag => TagOf("model.safetensors");

    /// <summary>Where the cache has a thing of the model.</summary>
    public string this[params string[] path] => Path.Combine([Settings.CacheFolder, Folder, .. path]);

    public IEnumerable<string> Asked => Server.Requests.Concat(Store.Requests)
        .Select(request => $"{request.Method} {request.Path[(request.Path.LastIndexOf('/') + 1)..]}");

    public HubSnapshot Download(string name = Repository, IProgress<HubProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        using var hub = new ModelHub(Settings, new ImpatientClock());
        return hub.Download(HubName.Parse(name), progress, cancellationToken);
    }

    public GptException ErrorOf(string name = Repository) => Assert.Throws<GptException>(() => Download(name));

    public void Forget()
    {
        Server.Forget();
        Store.Forget();
    }

    /// <summary>The hub's tag of a file: SHA-256 where it is large, otherwise what <c>git hash-object</c> prints.</summary>
    public string TagOf(string file) => IsLarge(file)
        ? Convert.ToHexStringLower(SHA256.HashData(Files[file]))
        : Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {Files[file].Length}\0"), .. Files[file]]));

    public Reply Error(int status, string? code) =>
        new(status, [], [("X-Repo-Commit", Commit), .. code is null ? Array.Empty<(string, string)>() : [("X-Error-Code", code)]]);

    /// <summary>The bytes of a file, from where the request wants them.</summary>
    public Reply Content(Request request)
    {
        var body = Files[request.Path[(request.Path.LastIndexOf('/') + 1)..]];
        if (request.Header("Range") is not { } range)
            return new Reply(200, body);
        var from = int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture);
        return new Reply(206, body[from..], ("Content-Range", $"bytes {from}-{body.Length - 1}/{body.Length}"));
    }

    public void Dispose()
    {
        Server.Dispose();
        Store.Dispose();
        folder.Dispose();
    }

    private static bool IsLarge(string file) => file.EndsWith(".safetensors", StringComparison.Ordinal);

    private Reply Default(Request request)
    {
        if (request.Path.StartsWith($"/api/models/{Repository}/revision/", StringComparison.Ordinal))
            return new Reply(200,
                JsonSerializer.SerializeToUtf8Bytes(new { sha = Commit, siblings = Files.Keys.Select(name => new { rfilename = name }) }));
        if (!request.Path.StartsWith(Resolve, StringComparison.Ordinal)
            || request.Path[Resolve.Length..].Split('/') is not [var revision, var file])
            return Error(401, "RepoNotFound");
        if (revision != "main" && revision != Commit)
            return Error(404, "RevisionNotFound");
        if (!Files.ContainsKey(file))
            return Error(404, "EntryNotFound");

        (string, string)[] headers = [("X-Repo-Commit", Commit), ("ETag", $"\"{TagOf(file)}\"")];
        if (!IsLarge(file))
            return Content(request) is var content ? content with { Headers = [.. content.Headers, .. headers] }
                : throw new InvalidOperationException();
        return new Reply(302, "Found"u8.ToArray(), ("X-Repo-Commit", Commit), ("X-Linked-Etag", $"\"{TagOf(file)}\""),
            ("X-Linked-Size", $"{Files[file].Length}"), ("Location", $"{Store.Address}/{file}"));
    }
}
