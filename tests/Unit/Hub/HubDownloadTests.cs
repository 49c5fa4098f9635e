using PsGpt.Hub;
using Reply = PsGpt.Unit.Hub.LoopbackServer.Reply;

namespace PsGpt.Unit.Hub;

/// <summary>Connections that are cut, servers that lie, downloads that are stopped or run twice at once.</summary>
public sealed class HubDownloadTests : IDisposable
{
    private readonly FakeHub hub = new();

    public void Dispose() => hub.Dispose();

    private string Incomplete => hub["blobs", $"{hub.WeightsTag}.incomplete"];

    [Fact]
    public void A_cut_connection_is_taken_up_where_it_was_cut()
    {
        hub.AnswerOfStore = request => request.Header("Range") is null ? hub.Content(request) with { BytesBeforeCut = 100 } : null;
        hub.Download();
        Assert.Equal([null, "bytes=100-"], hub.Store.Requests.Select(request => request.Header("Range")));
        Assert.Equal(hub.Weights, File.ReadAllBytes(hub["blobs", hub.WeightsTag]));
    }

    [Fact]
    public void What_a_stopped_download_left_is_used_the_next_time()
    {
        using var stop = new CancellationTokenSource();
        hub.AnswerOfStore = request => hub.Content(request) with { BytesBeforeCut = 100 };
        var progress = new ProgressListener(state =>
        {
            if (state is { FileName: "model.safetensors", DoneBytes: 100 })
                stop.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => hub.Download(progress: progress, cancellationToken: stop.Token));
        Assert.Equal(hub.Weights[..100], File.ReadAllBytes(Incomplete));

        hub.AnswerOfStore = null;
        hub.Forget();
        hub.Download();
        Assert.Equal("bytes=100-", Assert.Single(hub.Store.Requests).Header("Range"));
        Assert.False(File.Exists(Incomplete));
    }

    [Fact]
    public void Small_files_go_on_only_where_the_tag_is_still_the_same()
    {
        Directory.CreateDirectory(hub["blobs"]);
        File.WriteAllBytes(hub["blobs", $"{hub.TagOf("config.json")}.incomplete"], hub.Files["config.json"][..10]);
        File.WriteAllBytes(Incomplete, hub.Weights[..10]);
        hub.Download();
        var small = Assert.Single(
            hub.Server.Requests, request => request.Method == "GET" && request.Path.EndsWith("/config.json", StringComparison.Ordinal));
        Assert.Equal(("bytes=10-", $"\"{hub.TagOf("config.json")}\""), (small.Header("Range"), small.Header("If-Range")));

        // The other host has tags of its own, which would not fit.
        var large = Assert.Single(hub.Store.Requests);
        Assert.Equal(("bytes=10-", null), (large.Header("Range"), large.Header("If-Range")));
    }

    [Fact]
    public void A_server_that_ignores_the_range_starts_anew()
    {
        Directory.CreateDirectory(hub["blobs"]);
        File.WriteAllBytes(Incomplete, [1, 2, 3]);
        hub.AnswerOfStore = _ => new Reply(200, hub.Weights);
        hub.Download();
        Assert.Equal(hub.Weights, File.ReadAllBytes(hub["blobs", hub.WeightsTag]));
    }

    [Fact]
    public void A_connection_that_is_cut_again_and_again_still_gets_there()
    {
        hub.AnswerOfStore = request => hub.Content(request) with { BytesBeforeCut = 300 };
        hub.Download();
        Assert.Equal((hub.Weights.Length + 299) / 300, hub.Store.Requests.Count);
    }

    [Fact]
    public void A_part_that_was_not_asked_for_is_refused()
    {
        hub.AnswerOfStore = _ =>
            new Reply(206, hub.Weights[5..], ("Content-Range", $"bytes 5-{hub.Weights.Length - 1}/{hub.Weights.Length}"));
        Assert.Equal("HubResponseInvalid", hub.ErrorOf().ErrorId);
    }

    [Fact]
    public void Leftovers_that_are_too_long_are_thrown_away()
    {
        Directory.CreateDirectory(hub["blobs"]);
        File.WriteAllBytes(Incomplete, new byte[hub.Weights.Length + 1]);
        File.WriteAllBytes(hub["blobs", hub.TagOf("config.json")], []);
        hub.Download();
        Assert.Equal([null], hub.Store.Requests.Select(request => request.Header("Range")));
        Assert.Equal(hub.Files["config.json"], File.ReadAllBytes(hub["blobs", hub.TagOf("config.json")]));
    }

    [Fact]
    public void A_server_that_refuses_the_range_is_asked_for_all()
    {
        Directory.CreateDirectory(hub["blobs"]);
        File.WriteAllBytes(Incomplete, hub.Weights[..10]);
        hub.AnswerOfStore = request => request.Header("Range") is null ? null : new Reply(416, []);
        hub.Download();
        Assert.Equal(["bytes=10-", null], hub.Store.Requests.Select(request => request.Header("Range")));
    }

    [Fact]
    public void A_foreign_answer_does_not_cost_what_is_there()
    {
        Directory.CreateDirectory(hub["blobs"]);
        File.WriteAllBytes(Incomplete, hub.Weights[..10]);
        hub.AnswerOfStore = _ => new Reply(200, "<html>Log in to this network</html>"u8.ToArray());
        Assert.Equal("HubDownloadCorrupt", hub.ErrorOf().ErrorId);
        Assert.Equal(hub.Weights[..10], File.ReadAllBytes(Incomplete));
    }

    [Fact]
    public void Wrong_leftovers_are_thrown_away()
    {
        Directory.CreateDirectory(hub["blobs"]);
        File.WriteAllBytes(Incomplete, new byte[50]);
        hub.Download();
        Assert.Equal(["bytes=50-", null], hub.Store.Requests.Select(request => request.Header("Range")));
        Assert.Equal(hub.Weights, File.ReadAllBytes(hub["blobs", hub.WeightsTag]));
    }

    [Theory]
    [InlineData("model.safetensors")] // by SHA-256
    [InlineData("config.json")] // by git's SHA-1
    public void Content_with_another_hash_is_refused(string file)
    {
        var wrong = hub.Files[file].ToArray();
        wrong[^1] ^= 1;
        hub.AnswerOfStore = _ => new Reply(200, wrong);
        hub.Answer = request => request.Method == "GET" && file == "config.json" ? new Reply(200, wrong) : null;
        var error = hub.ErrorOf();
        Assert.Equal(("HubDownloadCorrupt", GptErrorKind.InvalidData), (error.ErrorId, error.Kind));
        Assert.Contains($"'{file}'", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(hub["blobs", hub.TagOf(file)]));
        Assert.False(File.Exists(hub["blobs", $"{hub.TagOf(file)}.incomplete"]));
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(5)]
    public void Content_of_another_size_is_refused(int difference)
    {
        hub.AnswerOfStore = _ => new Reply(200, new byte[hub.Weights.Length + difference]);
        var error = hub.ErrorOf();
        Assert.Equal("HubDownloadCorrupt", error.ErrorId);
        Assert.Contains($"{hub.Weights.Length:N0}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_at_once_download_once()
    {
        // Threads of their own: those of the pool serve the other end.
        await Task.WhenAll(Enumerable.Range(0, 4)
            .Select(_ => Task.Factory.StartNew(() => hub.Download(), default, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.Single(hub.Store.Requests);
        Assert.Equal(hub.Weights, File.ReadAllBytes(hub["snapshots", hub.Commit, "model.safetensors"]));
    }

    [Fact]
    public void What_another_process_downloads_is_waited_for()
    {
        var lockPath = Path.Combine(hub.Settings.CacheFolder, ".locks", FakeHub.Folder, $"{hub.WeightsTag}.lock");
        Directory.CreateDirectory(Path.GetDirectoryName(lockPath)!);
        Directory.CreateDirectory(hub["blobs"]);
        using var other = new FileStream(lockPath, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        hub.Download(progress: new ProgressListener(state =>
        {
            if (state.Phase != HubPhase.WaitingForOther)
                return;
            File.WriteAllBytes(hub["blobs", hub.WeightsTag], hub.Weights);
            other.Dispose();
        }));
        Assert.Empty(hub.Store.Requests);
        Assert.True(File.Exists(hub["snapshots", hub.Commit, "model.safetensors"]));
    }

    [Fact]
    public void Progress_ends_at_the_size_of_each_file()
    {
        var states = new List<HubProgress>();
        hub.Download(progress: new ProgressListener(states.Add));
        foreach (var (name, content) in hub.Files.Where(file => file.Key is "config.json" or "model.safetensors"))
        {
            Assert.Equal(new HubProgress(name, content.Length, content.Length, HubPhase.Downloading),
                states.Last(state => state.FileName == name && state.Phase == HubPhase.Downloading));
            Assert.Equal(new HubProgress(name, content.Length, content.Length, HubPhase.Verifying),
                states.Last(state => state.FileName == name));
        }
    }
}
