using PsGpt.Hub;

namespace PsGpt.Unit.Hub;

/// <summary>What is in the cache is listed with its size and can be removed.</summary>
public sealed class CachedModelTests : IDisposable
{
    private readonly FakeHub hub = new();

    public void Dispose() => hub.Dispose();

    [Fact]
    public void A_model_is_listed_with_the_bytes_that_it_takes()
    {
        Assert.Empty(CachedModels.List(hub.Settings));
        hub.Download();
        var model = Assert.Single(CachedModels.List(hub.Settings));
        Assert.Equal((FakeHub.Repository, "main", hub.Commit, BytesOnDisk), (model.Name, model.Revision, model.Commit, model.Size));
        Assert.Equal(hub["snapshots", hub.Commit], model.Path);
        Assert.InRange(model.LastUsed, DateTime.Now.AddMinutes(-5), DateTime.Now.AddMinutes(1));
    }

    [Fact]
    public void A_cache_that_cannot_be_read_is_named()
    {
        // A file where the cache should be; a folder without permission ends in the same place, but not for an administrator.
        File.WriteAllText(hub.Settings.CacheFolder, "");
        var error = Assert.Throws<GptException>(() => CachedModels.List(hub.Settings));
        Assert.Equal("ReadFailed", error.ErrorId);
        Assert.Contains(hub.Settings.CacheFolder, error.Message, StringComparison.Ordinal);
        Assert.Empty(CachedModels.Find(hub.Settings));
    }

    [Fact]
    public void Content_that_two_revisions_share_counts_once_and_stays_as_long_as_one_needs_it()
    {
        var (old, recent) = DownloadTwo();
        var models = CachedModels.List(hub.Settings);
        Assert.Equal([recent, old], models.OrderBy(model => model.Revision != "main").Select(model => model.Commit));
        Assert.Equal(BytesOnDisk, models.Sum(model => model.Size));

        CachedModels.Remove(hub.Settings, models.Single(model => model.Commit == old));
        var left = Assert.Single(CachedModels.List(hub.Settings));
        Assert.Equal((recent, BytesOnDisk), (left.Commit, left.Size));
        hub.Forget();
        hub.Settings = hub.Settings with { IsOffline = true };
        Assert.Equal(recent, hub.Download().Commit);
    }

    [Fact]
    public void The_last_revision_takes_all_with_it_but_nothing_of_others()
    {
        hub.Download();
        Directory.CreateDirectory(Path.Combine(hub.Settings.CacheFolder, "models--other--llama", "blobs"));
        File.WriteAllText(Path.Combine(hub.Settings.CacheFolder, "models--other--llama", "blobs", "abc"), "foreign");
        File.WriteAllText(hub["blobs", $"{new string('c', 64)}.incomplete"], "unfinished");
        var model = Assert.Single(CachedModels.List(hub.Settings));
        Assert.Equal(BytesOnDisk, model.Size);
        CachedModels.Remove(hub.Settings, model);
        Assert.Empty(CachedModels.List(hub.Settings));
        Assert.False(Directory.Exists(hub[[]]));
        Assert.True(File.Exists(Path.Combine(hub.Settings.CacheFolder, "models--other--llama", "blobs", "abc")));
        Assert.Equal("CachedModelNotFound", Assert.Throws<GptException>(() => CachedModels.Remove(hub.Settings, model)).ErrorId);
    }

    [Fact]
    public void A_model_that_is_being_downloaded_is_left_whole()
    {
        hub.Download();
        var model = Assert.Single(CachedModels.List(hub.Settings));
        var before = Files();
        using (FileLock.TryAcquire(Path.Combine(hub.Settings.CacheFolder, ".locks", FakeHub.Folder, $"{hub.WeightsTag}.lock")))
            Assert.Equal("CachedModelInUse", Assert.Throws<GptException>(() => CachedModels.Remove(hub.Settings, model)).ErrorId);
        Assert.Equal(before, Files());
        CachedModels.Remove(hub.Settings, model);
        Assert.Empty(CachedModels.List(hub.Settings));
    }

    [Fact]
    public void A_link_that_leads_out_of_the_cache_is_not_followed()
    {
        hub.Download();
        var outside = Path.Combine(hub.Settings.CacheFolder, "..", "outside.txt");
        File.WriteAllText(outside, "mine");
        File.CreateSymbolicLink(hub["snapshots", hub.Commit, "README.md"], Path.GetFullPath(outside));
        var model = Assert.Single(CachedModels.List(hub.Settings));
        Assert.Equal(BytesOnDisk, model.Size);
        CachedModels.Remove(hub.Settings, model);
        Assert.Equal("mine", File.ReadAllText(outside));
    }

    [Fact]
    public void Files_without_links_are_counted_and_removed_too()
    {
        hub.Settings = hub.Settings with { UsesSymbolicLinks = false };
        hub.Download();
        var model = Assert.Single(CachedModels.List(hub.Settings));
        Assert.Equal(BytesOnDisk, model.Size);
        CachedModels.Remove(hub.Settings, model);
        Assert.False(Directory.Exists(hub[[]]));
    }

    /// <summary>Two commits with the same weights and another configuration.</summary>
    private (string Old, string Recent) DownloadTwo()
    {
        hub.Download();
        var old = hub.Commit;
        hub.Commit = new string('b', 40);
        hub.Files["config.json"] = [.. hub.Files["config.json"], (byte)'\n'];
        hub.Download();
        return (old, hub.Commit);
    }

    private long BytesOnDisk => Directory.EnumerateFiles(hub[[]], "*", SearchOption.AllDirectories).Select(path => new FileInfo(path))
        .Where(file => file.LinkTarget is null && !file.FullName.Contains("/refs/", StringComparison.Ordinal)).Sum(file => file.Length);

    private string[] Files() =>
        [.. Directory.EnumerateFileSystemEntries(hub[[]], "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
