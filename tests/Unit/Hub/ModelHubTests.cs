using System.Text;
using PsGpt.Formats;
using PsGpt.Formats.Tokenizers;
using PsGpt.Hub;
using PsGpt.Tokenization;
using Reply = PsGpt.Unit.Hub.LoopbackServer.Reply;

namespace PsGpt.Unit.Hub;

/// <summary>What is downloaded, where it is put, and when the hub is asked again.</summary>
public sealed class ModelHubTests : IDisposable
{
    private readonly FakeHub hub = new();

    public void Dispose() => hub.Dispose();

    [Fact]
    public void A_model_is_downloaded_and_can_be_read()
    {
        hub.Files["pytorch_model.bin"] = hub.Files["README.md"] = [1];
        var snapshot = hub.Download();
        Assert.Equal((hub.Commit, null), (snapshot.Commit, snapshot.Problem));
        using var model = ModelFile.Read(snapshot.Folder);
        Assert.Equal(FakeHub.Configuration, model.Configuration);
        Assert.Equal("abc", model.Tokenizer!.Decode(model.Tokenizer.Encode("abc")));

        // Only what is needed, and nothing is asked twice.
        string[] files = ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"];
        string[] missing = ["special_tokens_map.json", "added_tokens.json", "generation_config.json"];
        Assert.Equal(
            files.Select(name => $"GET {name}").Append("GET model.safetensors").Concat(files.Concat(missing).Select(name => $"HEAD {name}"))
                .Order(),
            hub.Asked.Order());
        Assert.Equal(files, Directory.EnumerateFiles(snapshot.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    /// <summary>The tree that the documentation of huggingface_hub shows, "Understand caching".</summary>
    [Fact]
    public void The_cache_is_laid_out_as_by_huggingface_hub()
    {
        hub.Download();
        string[] names = ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"];
        string[] missing = ["added_tokens.json", "generation_config.json", "special_tokens_map.json"];
        Assert.Equal(
            new[]
            {
                "CACHEDIR.TAG", $"{FakeHub.Folder}/refs/main",
            }.Concat(names.SelectMany(name => new[]
            {
                $".locks/{FakeHub.Folder}/{hub.TagOf(name)}.lock", $"{FakeHub.Folder}/blobs/{hub.TagOf(name)}",
                $"{FakeHub.Folder}/snapshots/{hub.Commit}/{name}",
            })).Concat(missing.Select(name => $"{FakeHub.Folder}/.no_exist/{hub.Commit}/{name}")).Order(StringComparer.Ordinal),
            CacheFiles());
        Assert.Equal(hub.Commit, File.ReadAllText(hub["refs", "main"]));
        var tag = File.ReadAllText(Path.Combine(hub.Settings.CacheFolder, "CACHEDIR.TAG"));
        Assert.StartsWith("Signature: 8a477f597d28d172789f06886806bc55\n", tag, StringComparison.Ordinal);
        foreach (var name in names)
        {
            Assert.Equal(Path.Combine("..", "..", "blobs", hub.TagOf(name)), new FileInfo(hub["snapshots", hub.Commit, name]).LinkTarget);
            Assert.Equal(hub.Files[name], File.ReadAllBytes(hub["blobs", hub.TagOf(name)]));
        }
    }

    [Fact]
    public void The_second_time_one_small_question_is_all()
    {
        hub.Files.Remove("tokenizer.json");
        hub.Download();
        hub.Forget();
        hub.Download();
        Assert.Equal(["HEAD config.json"], hub.Asked);
        Assert.True(File.Exists(hub[".no_exist", hub.Commit, "tokenizer.json"]));
    }

    [Fact]
    public void A_commit_is_never_asked_for_twice()
    {
        hub.Download($"{FakeHub.Repository}@{hub.Commit}");
        Assert.False(File.Exists(hub["refs", hub.Commit]));
        hub.Forget();
        hub.Download($"{FakeHub.Repository}@{hub.Commit}");
        Assert.Empty(hub.Asked);
    }

    [Fact]
    public void A_new_commit_brings_only_what_is_new()
    {
        hub.Download();
        var old = hub.Commit;
        hub.Commit = new string('b', 40);
        hub.Files["config.json"] = [.. hub.Files["config.json"], (byte)'\n'];
        hub.Forget();
        Assert.Equal(hub.Commit, hub.Download().Commit);
        Assert.Equal(["GET config.json"], hub.Asked.Where(asked => asked.StartsWith("GET", StringComparison.Ordinal)));
        Assert.Equal(hub.Commit, File.ReadAllText(hub["refs", "main"]));
        Assert.True(File.Exists(hub["snapshots", old, "config.json"]));
    }

    [Fact]
    public void A_revision_that_is_not_whole_yet_is_not_noted()
    {
        hub.Download();
        var old = hub.Commit;
        hub.Commit = new string('b', 40);
        hub.Files["model.safetensors"] = [.. hub.Weights, 0];
        hub.AnswerOfStore = _ => hub.Error(500, null);
        Assert.Equal("HubUnreachable", hub.ErrorOf().ErrorId);
        Assert.Equal(old, File.ReadAllText(hub["refs", "main"]));
    }

    [Fact]
    public void A_file_that_is_gone_from_the_cache_comes_again()
    {
        hub.Download();
        File.Delete(hub["blobs", hub.WeightsTag]);
        hub.Download();
        Assert.Equal(hub.Weights, File.ReadAllBytes(hub["snapshots", hub.Commit, "model.safetensors"]));
    }

    [Fact]
    public void Where_there_are_no_links_files_are_moved_or_copied()
    {
        hub.Settings = hub.Settings with { UsesSymbolicLinks = false };
        hub.Download();
        var weights = new FileInfo(hub["snapshots", hub.Commit, "model.safetensors"]);
        Assert.Equal((null, hub.Weights.Length), (weights.LinkTarget, weights.Length));
        Assert.Empty(Directory.EnumerateFiles(hub["blobs"]));

        // A blob that is there already may belong to another snapshot, too: it stays.
        File.WriteAllBytes(hub["blobs", hub.WeightsTag], hub.Weights);
        weights.Delete();
        hub.Download();
        Assert.Equal(hub.Weights, File.ReadAllBytes(weights.FullName));
        Assert.True(File.Exists(hub["blobs", hub.WeightsTag]));
    }

    [Fact]
    public void Vocabulary_and_merges_come_where_there_is_no_tokenizer_json()
    {
        hub.Files.Remove("tokenizer.json");
        (hub.Files["vocab.json"], hub.Files["merges.txt"]) = ("{}"u8.ToArray(), "#version: 0.2\n"u8.ToArray());
        var folder = hub.Download().Folder;
        Assert.Equal(
            ["config.json", "merges.txt", "model.safetensors", "tokenizer_config.json", "vocab.json"],
            Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void The_small_files_that_change_a_tokenizer_come_too()
    {
        var tokenizer = new BytePairTokenizer(
            [.. Enumerable.Range(0, 256).Select(value => (byte)value)], [('a', 'b')], new Gpt2PreTokenizer(),
            new Dictionary<string, int> { ["<|end|>"] = 257 });
        hub.Files["tokenizer.json"] = TokenizerJsonWriter.Write(tokenizer);
        hub.Files["tokenizer_config.json"] = """{"add_prefix_space": true}"""u8.ToArray();
        hub.Files["special_tokens_map.json"] = """{"eos_token": "<|end|>"}"""u8.ToArray();
        hub.Files["added_tokens.json"] = """{"COVID": 258}"""u8.ToArray();
        hub.Files["generation_config.json"] = """{"eos_token_id": [257, 258]}"""u8.ToArray();
        using var model = ModelFile.Read(hub.Download().Folder);
        Assert.True(model.Tokenizer!.AddsPrefixSpace);
        Assert.Equal([' ', 256, 258], model.Tokenizer.Encode("abCOVID"));
        Assert.Equal([257, 258], model.EndOfTextTokens);
    }

    [Fact]
    public void Files_that_a_model_lacks_are_not_asked_for_again()
    {
        hub.Download();
        hub.Forget();
        hub.Download();
        Assert.Equal(["HEAD config.json"], hub.Asked);
    }

    [Fact]
    public void Shards_are_followed_by_their_index()
    {
        hub.Files["a.safetensors"] = hub.Weights;
        hub.Files["model.safetensors.index.json"] =
            Encoding.UTF8.GetBytes("{\"weight_map\":{\"x\":\"a.safetensors\",\"y\":\"a.safetensors\"}}");
        hub.Files.Remove("model.safetensors");
        using var model = ModelFile.Read(hub.Download().Folder);
        Assert.Equal(FakeHub.Configuration, model.Configuration);
        Assert.Equal(1, hub.Asked.Count(asked => asked == "HEAD a.safetensors"));
    }

    [Fact]
    public void A_repository_that_was_renamed_is_found()
    {
        hub.Answer = request => request.Path.StartsWith("/old/", StringComparison.Ordinal)
            ? new Reply(307, "moved"u8.ToArray(), ("X-Repo-Commit", hub.Commit), ("ETag", "\"abc\""),
                ("Location", request.Path.Replace("/old/name/", $"/{FakeHub.Repository}/", StringComparison.Ordinal))) : null;
        var folder = hub.Download("old/name").Folder;
        Assert.Contains("models--old--name", folder, StringComparison.Ordinal);
        Assert.Equal(hub.Weights, File.ReadAllBytes(Path.Combine(folder, "model.safetensors")));
    }

    [Fact]
    public void Tags_may_be_weak_or_no_checksums()
    {
        hub.Answer = request => request.Path.EndsWith("tokenizer.json", StringComparison.Ordinal)
            ? new Reply(200, "{}"u8.ToArray(), ("ETag", "W/\"ab-12\""), ("X-Repo-Commit", hub.Commit)) : null;

        // Its size is all there is to judge what an earlier download left.
        Directory.CreateDirectory(hub["blobs"]);
        File.WriteAllText(hub["blobs", "ab-12.incomplete"], "{ }");
        hub.Download();
        Assert.Equal("{}", File.ReadAllText(hub["blobs", "ab-12"]));
    }

    [Fact]
    public void A_mirror_need_not_say_more_than_404()
    {
        hub.Answer = request => request.Path.EndsWith("tokenizer.json", StringComparison.Ordinal) ? hub.Error(404, null) : null;
        Assert.DoesNotContain("tokenizer.json", Directory.EnumerateFiles(hub.Download().Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Models_in_the_cache_are_listed()
    {
        Assert.Empty(CachedModels.Find(hub.Settings));
        hub.Download();
        Assert.Equal([FakeHub.Repository], CachedModels.Find(hub.Settings));
        File.Delete(hub["blobs", hub.TagOf("config.json")]);
        Assert.Empty(CachedModels.Find(hub.Settings));
    }

    private IEnumerable<string> CacheFiles() =>
        Directory.EnumerateFiles(hub.Settings.CacheFolder, "*",
        new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        .Select(path => Path.GetRelativePath(hub.Settings.CacheFolder, path).Replace('\\', '/')).Order(StringComparer.Ordinal).ToArray();
}
