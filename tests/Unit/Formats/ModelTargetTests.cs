using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Unit.Formats;

/// <summary>What becomes of the place that a model is written to.</summary>
public sealed class ModelTargetTests : IDisposable
{
    private static readonly GptConfiguration Tiny =
        new() { VocabularySize = 300, ContextLength = 8, LayerCount = 2, HeadCount = 2, ChannelCount = 12 };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void An_existing_target_is_kept_unless_it_is_to_be_overwritten()
    {
        using var model = ModelInitializer.Create(Tiny, null, seed: 5);
        File.WriteAllText(folder["taken"], "mine");
        Assert.Equal("TargetExists", ErrorOf(() => ModelFile.Write(model, folder["taken"], "llm.c")));
        Assert.Equal("mine", File.ReadAllText(folder["taken"]));
        ModelFile.Write(model, folder["taken"], "huggingface", overwrite: true);
        Assert.True(Directory.Exists(folder["taken"]));
        ModelFile.Write(model, folder["taken"], "huggingface", overwrite: true);
        Assert.Equal(["taken"], folder.Names);
    }

    [Theory]
    [InlineData("huggingface")]
    [InlineData("llm.c")]
    public void A_directory_that_holds_anything_else_is_never_replaced(string format)
    {
        using var model = ModelInitializer.Create(Tiny, null, seed: 5);
        ModelFile.Write(model, folder["mine"], "huggingface");
        Directory.CreateDirectory(Path.Combine(folder["mine"], "notes"));
        Assert.Equal("TargetHoldsOtherFiles", ErrorOf(() => ModelFile.Write(model, folder["mine"], format, overwrite: true)));
        Directory.Delete(Path.Combine(folder["mine"], "notes"));
        File.WriteAllText(Path.Combine(folder["mine"], "notes.txt"), "years of work");
        Assert.Equal("TargetHoldsOtherFiles", ErrorOf(() => ModelFile.Write(model, folder["mine"], format, overwrite: true)));
        Directory.CreateDirectory(Path.Combine(folder["other"], "config.json"));
        Assert.Equal("TargetHoldsOtherFiles", ErrorOf(() => ModelFile.Write(model, folder["other"], format, overwrite: true)));
        Directory.Delete(folder["other"], recursive: true);
        Assert.Equal("years of work", File.ReadAllText(Path.Combine(folder["mine"], "notes.txt")));
        Assert.Equal(["mine"], folder.Names);
    }

    [Theory]
    [InlineData("huggingface")]
    [InlineData("llm.c")]
    public void An_empty_directory_may_be_replaced(string format)
    {
        using var model = ModelInitializer.Create(Tiny, null, seed: 5);
        Directory.CreateDirectory(folder["model"]);
        Assert.Equal("TargetExists", ErrorOf(() => ModelFile.Write(model, folder["model"], format)));
        ModelFile.Write(model, folder["model"], format, overwrite: true);
        using var read = ModelFile.Read(folder["model"]);
        Assert.Equal(model.Weights["wte"].Span.ToArray(), read.Weights["wte"].Span.ToArray());
        Assert.Equal(["model"], folder.Names);
    }

    [Fact]
    public void A_device_is_never_replaced()
    {
        // A name that is not there: if this fails, nobody loses anything.
        var path = $"/dev/psgpt-{Guid.NewGuid():N}";
        if (OperatingSystem.IsWindows() || !Directory.Exists("/dev"))
            return;
        using var model =
            ModelInitializer.Create(
            new GptConfiguration { VocabularySize = 20, ContextLength = 4, LayerCount = 1, HeadCount = 1, ChannelCount = 4 }, null,
            seed: 1);
        Assert.Equal("TargetIsDevice", Assert.Throws<GptException>(() => ModelFile.Write(model, path, "llm.c", overwrite: true)).ErrorId);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void What_fails_half_way_leaves_the_old_file_and_nothing_else()
    {
        using var model = ModelInitializer.Create(Tiny, null, seed: 5);
        File.WriteAllText(folder["model"], "mine");
        Assert.Throws<OperationCanceledException>(() =>
            ModelFile.Write(model, folder["model"], "huggingface", overwrite: true,
            cancellationToken: new CancellationToken(canceled: true)));
        Assert.Equal("FormatCannotHold",
            ErrorOf(() => ModelFile.Write(model, folder["model"], "llm.c", WeightDataType.Float16, overwrite: true)));
        Assert.Equal("mine", File.ReadAllText(folder["model"]));
        Assert.Equal(["model"], folder.Names);
    }

    /// <summary>What is on the disk when a process was killed between the two renames of a directory.</summary>
    [Fact]
    public void A_replacement_that_was_cut_off_is_told_of_and_undone_by_the_next_one()
    {
        using GptModel old = ModelInitializer.Create(Tiny, null, seed: 5), fresh = ModelInitializer.Create(Tiny, null, seed: 6);
        ModelFile.Write(old, folder["model"], "huggingface");
        var backup = $"{folder["model"]}.{Guid.NewGuid():N}.partial.old";
        Directory.Move(folder["model"], backup);
        foreach (var other in new[] { "model.partial.old", "model.x.partial.old", $"models.{Guid.NewGuid():N}.partial.old",
            $"model.{Guid.NewGuid():N}.partial" })
            Directory.CreateDirectory(folder[other]);
        Assert.Equal(backup, ModelFile.FindBackup(folder["model"]));
        var error = Assert.Throws<GptException>(() => ModelFile.Read(folder["model"]));
        Assert.Equal("PathNotFound", error.ErrorId);
        Assert.Contains(backup, error.Message, StringComparison.Ordinal);

        Assert.Equal("TargetExists", ErrorOf(() => ModelFile.Write(fresh, folder["model"], "huggingface")));
        Assert.False(Path.Exists(backup));
        using (var read = ModelFile.Read(folder["model"]))
            Assert.Equal(old.Weights["wte"].Span.ToArray(), read.Weights["wte"].Span.ToArray());
        Directory.Move(folder["model"], backup);
        ModelFile.Write(fresh, folder["model"], "huggingface", overwrite: true);
        using (var read = ModelFile.Read(folder["model"]))
            Assert.Equal(fresh.Weights["wte"].Span.ToArray(), read.Weights["wte"].Span.ToArray());
        Assert.False(Path.Exists(backup));
    }

    [Fact]
    public void Which_of_several_stood_there_is_not_guessed()
    {
        for (var i = 0; i < 2; i++)
            Directory.CreateDirectory($"{folder["model"]}.{Guid.NewGuid():N}.partial.old");
        Assert.Null(ModelFile.FindBackup(folder["model"]));
        Assert.Null(ModelFile.FindBackup(folder["nowhere/model"]));
        Assert.Equal("PathNotFound", ErrorOf(() => ModelFile.Read(folder["model"])));
    }

    private static string ErrorOf(Action action) => Assert.Throws<GptException>(action).ErrorId;
}
