using PsGpt.Checkpoints;
using PsGpt.Data;
using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Training;
using PsGpt.Unit.Formats;
using PsGpt.Unit.Training;

namespace PsGpt.Unit.Checkpoints;

public sealed class CheckpointStoreTests : IDisposable
{
    private const string Run = "run";

    private static readonly TrainingRunOptions Fast = SmallRun.Options with { Accumulation = 8, Trainer = new() { LearningRate = 0.02f } };

    private readonly TemporaryFolder folder = new();
    private readonly GptModel model = SmallTraining.NewModel();

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void The_latest_the_best_and_some_older_ones_are_kept()
    {
        var steps = SmallRun.Take(40, model, folder[Run], interval: 5, keep: 2, options: Fast, dataset: Noise()).Steps;
        var best = steps.Where(step => step.ValidationLoss is not null).MinBy(step => step.ValidationLoss).Step;
        Assert.True(best < 30 && best % 5 != 0, $"Step {best} was the best: that says nothing here.");
        Assert.Equal(["best", "latest", $"step-{best:D8}", "step-00000030", "step-00000035", "step-00000040"], SmallRun.Names(folder[Run]));
        Assert.Equal("step-00000040", File.ReadAllText(folder["run/latest"]));
        Assert.Equal($"step-{best:D8}", File.ReadAllText(folder["run/best"]));
    }

    [Fact]
    public void The_best_is_still_kept_after_the_run_was_resumed()
    {
        SmallRun.Take(40, model, folder[Run], keep: 0, options: Fast, dataset: Noise());
        var best = File.ReadAllText(folder["run/best"]);
        SmallRun.Take(
            5, model, folder[Run], resume: true, keep: 0, options: Fast with { Steps = 60, ValidationInterval = 50 }, dataset: Noise());
        Assert.Equal(["best", "latest", best, "step-00000045"], SmallRun.Names(folder[Run]));
    }

    [Fact]
    public void An_interval_of_0_keeps_the_best_and_the_last()
    {
        SmallRun.Take(5, model, folder[Run], interval: 0, keep: 100);
        Assert.Equal(["latest", "step-00000005"], SmallRun.Names(folder[Run]));
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("optimizer.safetensors")]
    [InlineData("config.json")]
    [InlineData("training.json")]
    [InlineData("checkpoint.json")]
    public void A_broken_checkpoint_is_passed_over_and_told(string file)
    {
        SmallRun.Take(23, model, folder[Run], interval: 10);
        var path = Path.Combine(folder[Run], "step-00000023", file);
        var whole = File.ReadAllBytes(path);

        File.WriteAllBytes(path, whole[..^2]);
        RequireFallback();
        File.WriteAllBytes(path, []);
        RequireFallback();
        File.Delete(path);
        RequireFallback();
        whole[whole.Length / 2] ^= 1;
        File.WriteAllBytes(path, whole);
        RequireFallback();
    }

    [Fact]
    public void Where_none_is_whole_the_run_does_not_begin_anew()
    {
        SmallRun.Take(23, model, folder[Run], interval: 10);
        foreach (var directory in Directory.GetDirectories(folder[Run]))
            File.Delete(Path.Combine(directory, "model.safetensors"));
        var weights = SmallTraining.Weights(model);
        var error = Assert.Throws<GptException>(() => SmallRun.Take(3, model, folder[Run], resume: true));
        Assert.Equal("CheckpointBroken", error.ErrorId);
        Assert.Contains("step-00000023", error.Message, StringComparison.Ordinal);
        Assert.Equal(weights, SmallTraining.Weights(model));
    }

    [Fact]
    public void A_run_that_fell_back_replaces_what_was_broken()
    {
        using var whole = SmallTraining.NewModel();
        SmallRun.Take(30, whole, folder["whole"]);
        SmallRun.Take(30, model, folder[Run]);
        File.Delete(folder["run/step-00000030/config.json"]);
        var (steps, warnings) = SmallRun.Take(30, model, folder[Run], resume: true, options: SmallRun.Options with { Steps = 30 });
        Assert.Contains("step-00000030", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal(30 - steps.Length + 1, steps[0].Step);
        Assert.InRange(steps.Length, 1, 10);
        using var store = new CheckpointStore(folder[Run]);
        Assert.Equal(30, store.FindNewest(Assert.Fail)!.State.Progress.Step);
        Assert.Equal(SmallTraining.Weights(whole), SmallTraining.Weights(model));
    }

    [Fact]
    public void What_is_not_ours_stays()
    {
        foreach (var name in new[] { "notes.txt", "step-1", "notes.partial", "best.txt" })
        {
            Directory.CreateDirectory(folder[Run]);
            File.WriteAllText(folder[$"run/{name}"], "mine");
        }

        Directory.CreateDirectory(folder["run/step-00000002.partial"]);
        Directory.CreateDirectory(folder["run/step-00000001.old.partial"]);
        File.WriteAllText(folder["run/latest.partial"], "step-0");
        SmallRun.Take(3, model, folder[Run]);
        Assert.Equal(["best.txt", "latest", "notes.partial", "notes.txt", "step-00000003", "step-1"], SmallRun.Names(folder[Run]));
    }

    [Fact]
    public void Two_runs_cannot_use_one_directory()
    {
        using (new CheckpointStore(folder[Run]))
            Assert.Equal("CheckpointsInUse", Assert.Throws<GptException>(() => new CheckpointStore(folder[Run])).ErrorId);
        new CheckpointStore(folder[Run]).Dispose();
    }

    [Fact]
    public void A_directory_that_cannot_be_made_is_told_before_the_first_step()
    {
        File.WriteAllText(folder["file"], "mine");
        Assert.Equal("WriteFailed", Assert.Throws<GptException>(() => new CheckpointStore(folder["file"])).ErrorId);
        Assert.Equal("mine", File.ReadAllText(folder["file"]));
    }

    [Fact]
    public void A_checkpoint_of_a_newer_version_is_not_taken_for_a_broken_one()
    {
        SmallRun.Take(23, model, folder[Run], interval: 10);
        var path = folder["run/step-00000023/checkpoint.json"];
        var files = CheckpointJson.Read<CheckpointManifest>(File.ReadAllBytes(path)).Files;
        File.WriteAllBytes(path, CheckpointJson.Write(CheckpointManifest.Of(files, CheckpointManifest.CurrentVersion + 1)));
        Assert.Equal("CheckpointTooNew", Assert.Throws<GptException>(() => SmallRun.Take(3, model, folder[Run], resume: true)).ErrorId);
    }

    [Fact]
    public void A_bit_that_turns_in_the_list_of_files_is_an_error_of_ours_or_does_no_harm()
    {
        SmallRun.Take(1, model, folder[Run]);
        var path = folder["run/step-00000001/checkpoint.json"];
        var whole = File.ReadAllBytes(path);
        var passed = 0;
        for (var bit = 0; bit < 8 * whole.Length; bit += 3)
        {
            var turned = whole.ToArray();
            turned[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(path, turned);
            if (Record.Exception(() => Checkpoint.Open(folder["run/step-00000001"])) is not { } exception)
                passed++;
            else
                Assert.Equal("CheckpointBroken", Assert.IsType<GptException>(exception).ErrorId);
        }

        // White space alone.
        Assert.InRange(passed, 0, whole.Length / 8);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{ "Version": 1, "Files": null }""")]
    [InlineData("""{ "Version": 1, "Files": [] }""")]
    [InlineData("""{ "Version": 1, "Files": [null] }""")]
    [InlineData("""{ "Version": 1, "Files": [{}] }""")]
    [InlineData("""{ "Version": 1, "Files": [{ "Name": null, "Length": 0, "Checksum": 0 }] }""")]
    public void A_list_of_files_that_lists_none_is_broken(string json)
    {
        SmallRun.Take(1, model, folder[Run]);
        File.WriteAllText(folder["run/step-00000001/checkpoint.json"], json);
        Assert.Equal("CheckpointBroken", Assert.Throws<GptException>(() => Checkpoint.Open(folder["run/step-00000001"])).ErrorId);
    }

    [Fact]
    public void The_directory_of_the_run_is_no_model_and_says_where_there_is_one()
    {
        SmallRun.Take(1, model, folder[Run]);
        var error = Assert.Throws<GptException>(() => ModelFile.Read(folder[Run]));
        Assert.Equal("FormatUnknown", error.ErrorId);
        Assert.Contains($"such as '{folder["run/step-00000001"]}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Losses_that_are_no_numbers_can_be_stored()
    {
        var state = new CheckpointState
        {
            Configuration = SmallTraining.Configuration,
            Options = SmallRun.Options with { Trainer = new() { ClipNorm = float.PositiveInfinity } }, Dataset = new(1, 0, 0),
            Progress = new TrainingProgress { Step = 1, BestValidationLoss = float.NaN },
        };
        using var store = new CheckpointStore(folder[Run]);
        store.Save(model, state);
        Assert.Equal(state.Progress.BestValidationLoss, store.FindNewest(Assert.Fail)!.State.Progress.BestValidationLoss);
    }

    /// <summary>There is nothing to learn but by heart: the loss on the held-out part soon rises.</summary>
    private static TokenDataset Noise() =>
        TokenDataset.Split(
            new TokenSequence(
                Enumerable.Range(0, 200).Select(i => (int)(RandomStream.Mix((ulong)i) % SmallTraining.Vocabulary)).ToArray()));

    [Fact]
    public void A_list_of_files_of_64_MB_is_passed_over()
    {
        SmallRun.Take(23, model, folder[Run], interval: 10);
        using (var file = File.OpenWrite(folder["run/step-00000023/checkpoint.json"]))
            file.SetLength((64L << 20) + 1);
        RequireFallback();
    }

    private void RequireFallback()
    {
        using var store = new CheckpointStore(folder[Run]);
        var warnings = new List<string>();
        var found = store.FindNewest(warnings.Add)!;
        Assert.Equal("step-00000021", Path.GetFileName(found.Path));
        Assert.Contains("step-00000023", Assert.Single(warnings), StringComparison.Ordinal);
    }
}
