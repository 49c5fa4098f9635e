using System.Text.RegularExpressions;

namespace PsGpt.Hub;

/// <summary>What names a model on the hub: a repository, and a branch, tag or commit of it.</summary>
public sealed partial record HubName
{
    /// <summary>The revision of a name that gives none.</summary>
    public const string DefaultRevision = "main";

    private HubName(string repository, string revision) => (Repository, Revision) = (repository, revision);

    /// <summary>The models that the hub knows without the name of an owner.</summary>
    public static IReadOnlyList<string> WellKnown { get; } = ["gpt2", "gpt2-medium", "gpt2-large", "gpt2-xl", "distilgpt2"];

    /// <summary>The name of the repository, such as <c>gpt2</c> or <c>owner/name</c>.</summary>
    public string Repository { get; }

    /// <summary>A branch, a tag or a commit.</summary>
    public string Revision { get; }

    /// <summary>Whether the revision is a whole commit id: what it names never changes.</summary>
    public bool IsCommit => IsCommitId(Revision);

    /// <summary>Reads <c>name</c>, <c>owner/name</c> or <c>owner/name@revision</c>.</summary>
    /// <param name="text">The name.</param>
    /// <param name="revision">The revision where it stands apart from the name; null takes the name's own, or <c>main</c>.</param>
    /// <exception cref="GptException"><c>HubNameInvalid</c>, <c>HubRevisionInvalid</c>.</exception>
    public static HubName Parse(string text, string? revision = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (repository, own) = Split(text);
        if (!IsRepository(repository))
        {
            throw new GptException("HubNameInvalid", GptErrorKind.InvalidArgument,
                $"'{text}' is not the name of a model on the hub. Give owner/name, such as openai-community/gpt2, or one of " +
                $"{string.Join(", ", WellKnown)}; a revision may follow after an @.");
        }

        if (own is not null && revision is not null && own != revision)
        {
            throw new GptException("HubRevisionInvalid", GptErrorKind.InvalidArgument,
                $"'{text}' names the revision '{own}', but '{revision}' was given too. Leave one of them out.");
        }

        revision ??= own ?? DefaultRevision;
        if (!IsRevision(revision))
        {
            throw new GptException("HubRevisionInvalid", GptErrorKind.InvalidArgument,
                $"'{revision}' cannot be a revision. Give the name of a branch or tag, such as main, or a commit id.");
        }

        var known = WellKnown.FirstOrDefault(name => name.Equals(repository, StringComparison.OrdinalIgnoreCase));
        return new HubName(known ?? repository, revision);
    }

    /// <summary>
    /// Whether a text that names no file or folder is more likely the name of a model than a path with a slip: one of
    /// <see cref="WellKnown"/>, or <c>owner/name</c> that does not end like a file of a model.
    /// </summary>
    public static bool IsLikely(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (repository, _) = Split(text);
        return WellKnown.Contains(repository, StringComparer.OrdinalIgnoreCase) ||
            (repository.Contains('/', StringComparison.Ordinal) && IsRepository(repository) && !ModelFileEnding().IsMatch(repository));
    }

    /// <summary>The name as it is typed; the revision is left out where it is <c>main</c>.</summary>
    public override string ToString() => Revision == DefaultRevision ? Repository : $"{Repository}@{Revision}";

    internal static bool IsCommitId(string revision) => CommitId().IsMatch(revision);

    private static (string Repository, string? Revision) Split(string text) =>
        text.IndexOf('@', StringComparison.Ordinal) is var at and >= 0 ? (text[..at], text[(at + 1)..]) : (text, null);

    /// <summary>The hub's own rules: these names also become names of folders.</summary>
    private static bool IsRepository(string name) =>
        RepositoryId().IsMatch(name) && !name.Contains("--", StringComparison.Ordinal) && !name.Contains("..", StringComparison.Ordinal) &&
        !name.EndsWith(".git", StringComparison.OrdinalIgnoreCase);

    /// <summary>git's rules for references: the name becomes a path below <c>refs</c> and must not lead out of it.</summary>
    private static bool IsRevision(string name) =>
        name.Length <= 250 && Reference().IsMatch(name) && !name.Contains("..", StringComparison.Ordinal);

    [GeneratedRegex(@"^(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?/)?[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?\z")]
    private static partial Regex RepositoryId();

    [GeneratedRegex(@"^(?!\.)[^\x00-\x20\x7F~^:?*\[\\/""<>|]+(?:/(?!\.)[^\x00-\x20\x7F~^:?*\[\\/""<>|]+)*\z")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^[0-9a-f]{40}\z")]
    private static partial Regex CommitId();

    [GeneratedRegex(@"\.(?:bin|safetensors|gguf|pt|pth|ckpt|json|txt|zip)\z", RegexOptions.IgnoreCase)]
    private static partial Regex ModelFileEnding();
}
