namespace PsGpt.Hub;

/// <summary>A revision of a model in the cache of the hub.</summary>
/// <param name="Name">The name of the model, such as <c>gpt2</c> or <c>owner/name</c>.</param>
/// <param name="Revision">The branch or tag that stood for the commit when the hub was last asked; the commit id if none does.</param>
/// <param name="Commit">The commit id.</param>
/// <param name="Size">
/// The bytes on the disk. Content that several revisions of a model share counts once, at the revision that was used last; so do
/// unfinished downloads. The sum over all revisions is what the cache takes.
/// </param>
/// <param name="LastUsed">When one of its files was last read, as far as the file system keeps that; otherwise when it was written.</param>
/// <param name="Path">The folder of its files.</param>
public sealed record CachedModel(string Name, string Revision, string Commit, long Size, DateTime LastUsed, string Path);
