using System.Text;
using Reply = PsGpt.Unit.Hub.LoopbackServer.Reply;

namespace PsGpt.Unit.Hub;

/// <summary>What the hub, the network or the disk can refuse, and what of it stands in the error.</summary>
public sealed class HubRefusalTests : IDisposable
{
    private readonly FakeHub hub = new();

    public void Dispose() => hub.Dispose();

    [Theory]
    [InlineData(401, "GatedRepo", "HubAccessDenied", GptErrorKind.AccessDenied, "HF_TOKEN")]
    [InlineData(403, "GatedRepo", "HubAccessDenied", GptErrorKind.AccessDenied, "HF_TOKEN")]
    [InlineData(403, null, "HubAccessDenied", GptErrorKind.AccessDenied, "HF_TOKEN")]
    [InlineData(401, null, "HubModelNotFound", GptErrorKind.NotFound, "HF_TOKEN")]
    [InlineData(401, "RepoNotFound", "HubModelNotFound", GptErrorKind.NotFound, "HF_TOKEN")]
    [InlineData(404, "RepoNotFound", "HubModelNotFound", GptErrorKind.NotFound, "spelling")]
    [InlineData(404, "RevisionNotFound", "HubRevisionNotFound", GptErrorKind.NotFound, "'main'")]
    [InlineData(404, "EntryNotFound", "HubFileMissing", GptErrorKind.NotFound, "config.json")]
    [InlineData(503, null, "HubUnreachable", GptErrorKind.ConnectionFailed, "503")]
    [InlineData(418, null, "HubResponseInvalid", GptErrorKind.InvalidData, "418")]
    public void What_the_hub_refuses_is_said(int status, string? code, string errorId, GptErrorKind kind, string word)
    {
        hub.Settings = hub.Settings with { Token = "hf_secret" };
        hub.Answer = _ => hub.Error(status, code);
        var error = hub.ErrorOf();
        Assert.Equal((errorId, kind), (error.ErrorId, error.Kind));
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public void What_another_host_refuses_is_not_laid_on_the_model(int status)
    {
        hub.AnswerOfStore = _ => hub.Error(status, null);
        var error = hub.ErrorOf();
        Assert.Equal("HubUnreachable", error.ErrorId);
        Assert.Contains($"refuses the file ({status}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_answers()
    {
        hub.Server.Dispose();
        var error = hub.ErrorOf();
        Assert.Equal("HubUnreachable", error.ErrorId);
        Assert.Contains("127.0.0.1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(503, "HubUnreachable")]
    [InlineData(403, "HubAccessDenied")]
    [InlineData(401, "HubModelNotFound")]
    public void A_copy_in_the_cache_is_used_when_the_hub_does_not_give_it(int status, string errorId)
    {
        hub.Download();
        hub.Forget();
        hub.Answer = _ => hub.Error(status, null);
        Assert.Equal(errorId, hub.Download().Problem!.ErrorId);
        Assert.Single(hub.Asked);
    }

    [Fact]
    public void A_part_of_a_copy_is_no_copy()
    {
        hub.Download();
        File.Delete(hub["snapshots", hub.Commit, "model.safetensors"]);
        hub.Answer = _ => hub.Error(503, null);
        Assert.Equal("HubUnreachable", hub.ErrorOf().ErrorId);
    }

    [Fact]
    public void Offline_only_the_cache_counts()
    {
        hub.Settings = hub.Settings with { IsOffline = true };
        var error = hub.ErrorOf();
        Assert.Equal(("HubOffline", GptErrorKind.NotFound), (error.ErrorId, error.Kind));
        Assert.Contains("HF_HUB_OFFLINE", error.Message, StringComparison.Ordinal);
        Assert.Equal("HubOffline", hub.ErrorOf($"{FakeHub.Repository}@{hub.Commit}").ErrorId);
        Assert.Empty(hub.Asked);

        hub.Settings = hub.Settings with { IsOffline = false };
        hub.Download();
        hub.Forget();
        hub.Settings = hub.Settings with { IsOffline = true };
        Assert.Equal((hub.Commit, null), (hub.Download().Commit, hub.Download().Problem));
        File.Delete(hub["blobs", hub.WeightsTag]);
        Assert.Equal("HubOffline", hub.ErrorOf().ErrorId);
        Assert.Empty(hub.Asked);
    }

    [Fact]
    public void The_token_goes_to_the_hub_alone()
    {
        hub.Settings = hub.Settings with { Token = "hf_secret" };
        hub.Download();
        Assert.All(hub.Server.Requests, request => Assert.Equal("Bearer hf_secret", request.Header("Authorization")));
        Assert.NotEmpty(hub.Store.Requests);
        Assert.All(hub.Store.Requests, request => Assert.Null(request.Header("Authorization")));
    }

    [Theory]
    [InlineData("pytorch_model.bin")]
    [InlineData("model.ckpt")]
    [InlineData("weights.pt")]
    public void Pickles_are_refused_with_the_reason(string name)
    {
        hub.Files.Remove("model.safetensors");
        hub.Files[name] = [0x80, 2];
        var error = hub.ErrorOf();
        Assert.Equal(("HubPickleRefused", GptErrorKind.NotSupported), (error.ErrorId, error.Kind));
        Assert.Contains($"'{name}', a pickle", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain($"GET {name}", hub.Asked);
    }

    [Theory]
    [InlineData("{\"siblings\":[{\"rfilename\":null},{},null,7,{\"rfilename\":\"w.npz\"}]}", "It has: w.npz.")]
    [InlineData("{\"siblings\":null}", "has no 'model.safetensors'")]
    [InlineData("{\"siblings\":[{\"rfilename\":\"a\\u001b]0;owned\\u0007.npz\"}]}", "a\\u001B]0;owned\\u0007.npz")]
    [InlineData("null", "has no 'model.safetensors'")]
    [InlineData("", "has no 'model.safetensors'")]
    public void A_list_of_files_with_null_or_missing_fields_does_no_harm(string list, string said)
    {
        hub.Files.Remove("model.safetensors");
        hub.Answer = request => request.Path.StartsWith("/api/", StringComparison.Ordinal) ? new Reply(200, Encoding.UTF8.GetBytes(list))
            : null;
        var error = hub.ErrorOf();
        Assert.Equal("HubFileMissing", error.ErrorId);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(error.Message, char.IsControl);
    }

    [Fact]
    public void Of_a_long_answer_64_KB_are_read()
    {
        hub.Files.Remove("model.safetensors");
        var endless = new byte[64 << 20];
        Array.Fill(endless, (byte)' ');
        hub.Answer = request => request.Path.StartsWith("/api/", StringComparison.Ordinal) ? new Reply(200, endless) : null;
        Assert.Equal("HubFileMissing", hub.ErrorOf().ErrorId);

        // The buffers of the system take some megabytes of what nobody reads.
        Assert.InRange(hub.Server.BytesSent, 1, endless.Length / 4);
    }

    [Fact]
    public void A_configuration_of_gigabytes_is_not_downloaded()
    {
        hub.Answer = request => request.Method == "HEAD" && request.Path.EndsWith("config.json", StringComparison.Ordinal)
            ? new Reply(200, [], ("ETag", "\"abc\""), ("X-Repo-Commit", hub.Commit), ("Content-Length", "5000000000")) : null;
        var error = hub.ErrorOf();
        Assert.Equal("HubResponseInvalid", error.ErrorId);
        Assert.Contains("5,000,000,000 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Control_characters_of_the_hub_do_not_reach_the_screen()
    {
        hub.Answer = _ => new Reply(403, [], ("X-Error-Code", "GatedRepo"), ("X-Error-Message", $"\u001b[2Jgone{new string('x', 5000)}"));
        var error = hub.ErrorOf();
        Assert.Contains("\\u001B[2Jgone", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(error.Message, char.IsControl);
        Assert.InRange(error.Message.Length, 300, 700);
    }

    [Theory]
    [InlineData("http://")]
    [InlineData("http://[::1")]
    public void A_redirection_to_no_address_is_refused(string location)
    {
        hub.Answer = _ => new Reply(302, [], ("Location", location));
        Assert.Equal("HubResponseInvalid", hub.ErrorOf().ErrorId);
    }

    [Fact]
    public void A_repository_without_weights_is_described()
    {
        hub.Files.Remove("model.safetensors");
        hub.Files["weights.npz"] = [];
        var error = hub.ErrorOf();
        Assert.Equal("HubFileMissing", error.ErrorId);
        Assert.Contains("weights.npz", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../../../escaped.safetensors", "WeightIndexInvalid")]
    [InlineData("/tmp/escaped.safetensors", "WeightIndexInvalid")]
    [InlineData("..\\\\escaped.safetensors", "WeightIndexInvalid")]
    [InlineData("C:escaped.safetensors", "WeightIndexInvalid")]
    [InlineData("..", "WeightIndexInvalid")]
    [InlineData("\\u0000.safetensors", "WeightIndexInvalid")]
    [InlineData("", "WeightIndexInvalid")]
    [InlineData("pytorch_model-00001-of-00002.bin", "HubPickleRefused")]
    [InlineData("lost.safetensors", "HubFileMissing")]
    public void Names_in_an_index_are_checked(string name, string errorId)
    {
        hub.Files.Remove("model.safetensors");
        hub.Files["model.safetensors.index.json"] = Encoding.UTF8.GetBytes($"{{\"weight_map\":{{\"x\":\"{name}\"}}}}");
        Assert.Equal(errorId, hub.ErrorOf().ErrorId);
        Assert.DoesNotContain(hub.Asked, asked => asked.Contains("escaped", StringComparison.Ordinal));
    }

    [Fact]
    public void A_model_that_cannot_be_read_is_not_downloaded()
    {
        hub.Files["config.json"] = Encoding.UTF8.GetBytes("{\"model_type\":\"llama\"}");
        Assert.Equal("ArchitectureUnknown", hub.ErrorOf().ErrorId);
        Assert.DoesNotContain("HEAD model.safetensors", hub.Asked);
    }

    [Theory]
    [InlineData("ETag", "\"../../../escaped\"")]
    [InlineData("ETag", "\"\"")]
    [InlineData("X-Repo-Commit", "../../escaped")]
    [InlineData("X-Repo-Commit", "main")]
    [InlineData("Location", "ftp://127.0.0.1/config.json")]
    [InlineData("Location", "/owner/tiny/resolve/main/config.json")]
    public void Answers_that_no_hub_gives_are_refused(string header, string value)
    {
        hub.Answer = request =>
        {
            (string, string)[] headers = [("ETag", "\"abc\""), ("X-Repo-Commit", hub.Commit)];
            return header == "Location" ? new Reply(302, [], (header, value))
                : new Reply(200, [], [.. headers.Where(pair => pair.Item1 != header), (header, value)]);
        };
        Assert.Equal("HubResponseInvalid", hub.ErrorOf().ErrorId);
        Assert.False(Directory.Exists(hub.Settings.CacheFolder));
    }

    [Fact]
    public void Files_of_two_commits_are_never_mixed()
    {
        hub.Answer = request => request.Path.EndsWith("tokenizer.json", StringComparison.Ordinal)
            ? new Reply(200, [], ("ETag", "\"abc\""), ("X-Repo-Commit", new string('b', 40))) : null;
        Assert.Equal("HubResponseInvalid", hub.ErrorOf().ErrorId);
    }
}
