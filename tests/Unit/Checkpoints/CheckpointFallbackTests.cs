using PsGpt.Checkpoints;
using PsGpt.Model;
using PsGpt.Unit.Formats;
using PsGpt.Unit.Training;

namespace PsGpt.Unit.Checkpoints;

/// <summary>A run that passes over a broken checkpoint continues from the one before, and says so.</summary>
public sealed class CheckpointFallbackTests : IDisposable
{
    private const string Run = "run";

    private readonly TemporaryFolder folder = new();
    private readonly GptModel model = SmallTraining.NewModel();

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void After_a_fallback_the_latest_is_the_checkpoint_that_the_warning_names()
    {
        SmallRun.Take(23, model, folder[Run], interval: 10);
        File.Delete(folder["run/step-00000023/config.json"]);
        var before = SmallRun.Names(folder[Run]);
        using (var store = new CheckpointStore(folder[Run]))
            store.FindNewest(_ => { });
        Assert.Equal(("step-00000023", before.Length), (File.ReadAllText(folder["run/latest"]), SmallRun.Names(folder[Run]).Length));

        // The disk fails at the first checkpoint: the run has none newer than the one that it continued from.
        var disk = new BreakingDisk(3, () => new IOException("broken")) { StillDeletes = true };
        var warnings = new List<string>();
        var error = Assert.Throws<GptException>(() =>
            SmallRun.Steps(model, folder[Run], resume: true, SmallRun.Options, interval: 1, warnings.Add, disk: disk).Count());
        Assert.Contains("continues from 'step-00000021'", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Contains("'step-00000021' is kept", error.Message, StringComparison.Ordinal);
        Assert.Equal("step-00000021", File.ReadAllText(folder["run/latest"]));
    }

    [Fact]
    public void A_checkpoint_under_the_name_of_another_step_is_passed_over()
    {
        SmallRun.Take(23, model, folder[Run], interval: 10);
        Directory.Move(folder["run/step-00000023"], folder["run/step-00000050"]);
        using var store = new CheckpointStore(folder[Run]);
        var warnings = new List<string>();
        Assert.Equal("step-00000021", Path.GetFileName(store.FindNewest(warnings.Add)!.Path));
        Assert.Contains("after step 23", Assert.Single(warnings), StringComparison.Ordinal);
    }
}
