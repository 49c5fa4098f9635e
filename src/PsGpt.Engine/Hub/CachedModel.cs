namespace PsGpt.Hub;

/// <summary>A revision of a model in the cache of the hub.</summary>
public sealed class CachedModel
{
    /// <summary>The name of the model, such as <c>gpt2</c> or <c>owner/name</c>.</summary>
    public string Name { get; internal init; } = "";

    /// <summary>The branch or tag that stood for the commit when the hub was last asked; the commit id if none does.</summary>
    public string Revision { get; internal init; } = "";

    /// <summary>The commit id.</summary>
    public string Commit { get; internal init; } = "";

    /// <summary>
    /// The bytes on the disk. Content that several revisions of a model share counts once, at the revision that was used last; so do
    /// unfinished downloads. The sum over all revisions is what the cache takes.
    /// </summary>
    public long Size { get; internal init; }

    /// <summary>When one of its files was last read, as far as the file system keeps that; otherwise when it was written.</summary>
    public DateTime LastUsed { get; internal init; }

    /// <summary>The folder of its files.</summary>
    public string Path { get; internal init; } = "";

    /// <summary>The name with the commit, which stands for this revision whatever the hub has now.</summary>
    public HubName GetHubName() => HubName.Parse(Name, Commit);

    /// <inheritdoc/>
    public override string ToString() => $"{Name}@{Revision}";
}
