namespace PsGpt.Unit.Hub;

/// <summary>A cache that cannot be written is named in the error.</summary>
public sealed class HubCacheWriteTests : IDisposable
{
    private readonly FakeHub hub = new();

    public void Dispose() => hub.Dispose();

    [Fact]
    public void A_cache_that_cannot_be_made_is_named()
    {
        var file = Path.GetTempFileName();
        hub.Settings = hub.Settings with { CacheFolder = Path.Combine(file, "cache") };
        var error = hub.ErrorOf();
        File.Delete(file);
        Assert.Equal(("HubCacheWriteFailed", GptErrorKind.WriteFailed), (error.ErrorId, error.Kind));
        Assert.Contains("HF_HUB_CACHE", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_is_an_error_that_says_so()
    {
        // Only Linux has a file that is always full.
        if (!File.Exists("/dev/full"))
            return;
        Directory.CreateDirectory(hub["blobs"]);
        File.CreateSymbolicLink(hub["blobs", $"{hub.WeightsTag}.incomplete"], "/dev/full");
        var error = hub.ErrorOf();
        Assert.Equal("HubCacheWriteFailed", error.ErrorId);
        Assert.Contains("space", error.Message, StringComparison.Ordinal);
    }
}
