using PsGpt.Hub;
using PsGpt.Unit.Formats;

namespace PsGpt.Unit.Hub;

/// <summary>What is a name of a model, and what the environment says.</summary>
public sealed class HubNameTests
{
    [Theory]
    [InlineData("gpt2", "gpt2", "main")]
    [InlineData("GPT2-XL", "gpt2-xl", "main")]
    [InlineData("openai-community/gpt2", "openai-community/gpt2", "main")]
    [InlineData("owner/name_1.0@v1.0", "owner/name_1.0", "v1.0")]
    [InlineData("owner/name@refs/pr/1", "owner/name", "refs/pr/1")]
    public void Names_are_read(string text, string repository, string revision)
    {
        var name = HubName.Parse(text);
        Assert.Equal((repository, revision), (name.Repository, name.Revision));
        Assert.True(HubName.IsLikely(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b/c")]
    [InlineData("./gpt2")]
    [InlineData("../gpt2")]
    [InlineData("/gpt2")]
    [InlineData("owner/")]
    [InlineData("owner\\name")]
    [InlineData("owner/na--me")]
    [InlineData("owner/na..me")]
    [InlineData("owner/name.git")]
    [InlineData("-owner/name")]
    [InlineData("owner/näme")]
    [InlineData("owner/*")]
    public void What_is_no_name_is_refused(string text)
    {
        Assert.Equal("HubNameInvalid", ErrorOf(text));
        Assert.False(HubName.IsLikely(text));
    }

    [Theory]
    [InlineData("model")]
    [InlineData("models/gpt2.bin")]
    [InlineData("models/model.safetensors")]
    [InlineData("models/weights.pt")]
    public void A_path_with_a_slip_is_not_taken_for_a_name(string text)
    {
        Assert.False(HubName.IsLikely(text));
        Assert.Equal(text, HubName.Parse(text).Repository);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../main")]
    [InlineData("a/../b")]
    [InlineData("/main")]
    [InlineData("a//b")]
    [InlineData(".hidden")]
    [InlineData("a\\b")]
    [InlineData("a b")]
    [InlineData("c:main")]
    [InlineData("a\0")]
    public void A_revision_must_not_lead_out_of_its_folder(string revision) =>
        Assert.Equal("HubRevisionInvalid", ErrorOf("gpt2", revision));

    [Fact]
    public void A_revision_is_given_once()
    {
        Assert.Equal("v1", HubName.Parse("gpt2", "v1").Revision);
        Assert.Equal("v1", HubName.Parse("gpt2@v1", "v1").Revision);
        Assert.Equal("HubRevisionInvalid", ErrorOf("gpt2@v1", "v2"));
        Assert.Equal(("gpt2", "gpt2@v1"), (HubName.Parse("gpt2").ToString(), HubName.Parse("gpt2@v1").ToString()));
    }

    [Fact]
    public void Settings_come_from_the_environment()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["home"]);
        File.WriteAllText(Path.Combine(folder["home"], "token"), "hf_file\n");
        var settings = Read(("HF_HOME", folder["home"]));
        Assert.Equal(("https://huggingface.co/", Path.Combine(folder["home"], "hub"), "hf_file", false, true),
            (settings.Endpoint.AbsoluteUri, settings.CacheFolder, settings.Token, settings.IsOffline, settings.UsesSymbolicLinks));

        settings = Read(
            ("HF_HOME", folder["home"]), ("HF_HUB_CACHE", folder["cache"]), ("HF_TOKEN", " hf_variable\n"),
                ("HF_ENDPOINT", "http://127.0.0.1:1/mirror/"), ("HF_HUB_OFFLINE", "yes"),
            ("HF_HUB_DISABLE_SYMLINKS", "1"), ("HF_HUB_DOWNLOAD_TIMEOUT", "3"));
        Assert.Equal((folder["cache"], "hf_variable", "http://127.0.0.1:1/mirror", true, false, 3.0),
            (settings.CacheFolder, settings.Token, settings.Endpoint.AbsoluteUri, settings.IsOffline, settings.UsesSymbolicLinks,
            settings.Timeout.TotalSeconds));
        Assert.DoesNotContain("hf_variable", settings.ToString(), StringComparison.Ordinal);

        Assert.Null(Read(("HF_HOME", folder["home"]), ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")).Token);
        Assert.Equal(Path.Combine(folder["home"], "huggingface", "hub"),
            Read(("XDG_CACHE_HOME", "$ROOT"), ("ROOT", folder["home"])).CacheFolder);
        var user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        Assert.Equal(Path.Combine(user, "x", "hub"), Read(("HF_HOME", "~/x"), ("HF_TOKEN_PATH", folder["none"])).CacheFolder);
        Assert.Equal(Path.Combine(user, ".cache", "huggingface", "hub"), Read(("HF_TOKEN", "t")).CacheFolder);
    }

    [Theory]
    [InlineData("HF_ENDPOINT", "huggingface.co")]
    [InlineData("HF_ENDPOINT", "file:///etc")]
    [InlineData("HF_TOKEN", "hf_\u00e4")]
    [InlineData("HF_TOKEN", "two words")]
    [InlineData("HF_HUB_DOWNLOAD_TIMEOUT", "soon")]
    [InlineData("HF_HUB_DOWNLOAD_TIMEOUT", "0")]
    [InlineData("HF_HUB_DOWNLOAD_TIMEOUT", "86401")]
    public void Settings_that_make_no_sense_are_named(string variable, string value)
    {
        var error = Assert.Throws<GptException>(() => Read((variable, value)));
        Assert.Equal("HubSettingInvalid", error.ErrorId);
        Assert.Contains(variable, error.Message, StringComparison.Ordinal);
    }

    private static HubSettings Read(params (string Name, string Value)[] variables) =>
        HubSettings.From(name => variables.FirstOrDefault(variable => variable.Name == name).Value);

    private static string ErrorOf(string text, string? revision = null) =>
        Assert.Throws<GptException>(() => HubName.Parse(text, revision)).ErrorId;
}
