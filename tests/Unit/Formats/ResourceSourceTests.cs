using PsGpt.Formats;

namespace PsGpt.Unit.Formats;

public sealed class ResourceSourceTests
{
    private readonly ResourceSource source = new(typeof(BuiltInModel).Assembly, "story");

    [Fact]
    public void The_files_of_a_directory_are_known_by_their_names()
    {
        Assert.Superset(new HashSet<string>(["config.json", "model.safetensors", "tokenizer.json"]), source.Names.ToHashSet());
        Assert.DoesNotContain("gpt2.br", source.Names);
        Assert.True(source.Has("config.json"));
        Assert.False(source.Has("gpt2.br"));
        Assert.Throws<FileNotFoundException>(() => source.Open("gpt2.br"));
    }

    [Fact]
    public void A_file_is_read_from_any_place_and_never_beyond_the_end()
    {
        using var file = source.Open("config.json");
        var whole = new byte[file.Length];
        file.Read(0, whole);
        Assert.Equal((byte)'{', whole[0]);

        var part = new byte[10];
        file.Read(file.Length - 10, part);
        Assert.Equal(whole[^10..], part);
        Assert.Throws<EndOfStreamException>(() => file.Read(file.Length - 9, part));
        Assert.Throws<EndOfStreamException>(() => file.Read(-1, part));
    }
}
