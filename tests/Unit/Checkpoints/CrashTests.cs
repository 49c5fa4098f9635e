using PsGpt.Checkpoints;
using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Training;
using PsGpt.Unit.Formats;
using PsGpt.Unit.Training;

namespace PsGpt.Unit.Checkpoints;

/// <summary>What is left when the power or the disk fails at any operation of writing checkpoints.</summary>
public sealed class CrashTests : IDisposable
{
    // Several checkpoints, some of them the best, and older ones to remove.
    private static readonly TrainingRunOptions Options = SmallRun.Options with { Steps = 4, ValidationInterval = 2 };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void After_a_failure_at_any_operation_the_run_goes_on_and_ends_with_the_same_bits()
    {
        using var whole = SmallTraining.NewModel();
        SmallRun.Take(4, whole, folder["whole"], options: Options, interval: 1, keep: 0);
        var expected = Bytes("whole");
        var isBroken = true;
        var count = 0;
        var (hadCheckpoint, hadPointer) = (false, false);
        for (; isBroken; count++)
        {
            var name = $"run{count}";
            using var model = SmallTraining.NewModel();
            var disk = new BreakingDisk(count, () => new PowerFailure());
            if (count == 0)
                Assert.Throws<PowerFailure>(() => Start(model, name, disk));
            else if (Record.Exception(() => Start(model, name, disk)) is { } exception)
                Assert.IsType<PowerFailure>(exception);
            isBroken = disk.IsBroken;

            using (var store = new CheckpointStore(folder[name]))
            {
                var found = store.FindNewest(Assert.Fail);
                Assert.True(
                    found is not null || !hadCheckpoint, $"After {count} operations there is no checkpoint, though there was one earlier.");
                Assert.True(
                    File.Exists(Path.Combine(folder[name], "latest")) || !hadPointer,
                    $"After {count} operations nothing is the latest, though something was earlier.");
                (hadCheckpoint, hadPointer) = (found is not null, File.Exists(Path.Combine(folder[name], "latest")));
                var directories = Directory.GetDirectories(folder[name], "step-*");
                foreach (var directory in directories.Where(path => !path.EndsWith(".partial", StringComparison.Ordinal)))
                    Checkpoint.Open(directory);
                string[] pointers = [Path.Combine(folder[name], "latest"), Path.Combine(folder[name], "best")];
                foreach (var pointer in pointers.Where(File.Exists))
                    ModelFile.Read(Path.Combine(folder[name], File.ReadAllText(pointer))).Dispose();
            }

            using var second = SmallTraining.NewModel();
            Assert.Empty(SmallRun.Take(4, second, folder[name], resume: true, options: Options, interval: 1, keep: 0).Warnings);
            Assert.Equal(expected, Bytes(name));
            Assert.Empty(SmallRun.Names(folder["whole"]).Except(SmallRun.Names(folder[name])));
            Directory.Delete(folder[name], recursive: true);
        }

        Assert.True(count > 60, $"There were only {count} operations.");
    }

    [Fact]
    public void A_full_disk_is_named_and_leaves_the_older_checkpoint()
    {
        for (var count = 0; ; count++)
        {
            using var model = SmallTraining.NewModel();
            SmallRun.Take(2, model, folder["run"], options: Options);
            var before = SmallRun.Names(folder["run"]);
            var disk = new BreakingDisk(count, NoSpaceLeft) { StillDeletes = true };
            var exception = Record.Exception(() => SmallRun.Take(1, model, folder["run"], resume: true, options: Options, disk: disk));
            if (!disk.IsBroken)
                break;
            var error = Assert.IsType<GptException>(exception);
            Assert.Equal(("DiskFull", GptErrorKind.WriteFailed), (error.ErrorId, error.Kind));
            var root = DriveInfo.GetDrives()
                .Select(drive => drive.Name)
                .Where(name => folder["run"].StartsWith(name, StringComparison.Ordinal))
                .MaxBy(name => name.Length);
            Assert.Contains($"'{root}'", error.Message, StringComparison.Ordinal);
            Assert.Contains("step-0000000", error.Message, StringComparison.Ordinal);
            using (var store = new CheckpointStore(folder["run"]))
                Assert.InRange(store.FindNewest(Assert.Fail)!.State.Progress.Step, 2, 3);
            Assert.Empty(SmallRun.Names(folder["run"]).Except([.. before, "best", "step-00000003"]));
            Directory.Delete(folder["run"], recursive: true);
        }
    }

    private void Start(GptModel model, string name, BreakingDisk disk) =>
        SmallRun.Take(4, model, folder[name], options: Options, interval: 1, keep: 0, disk: disk);

    private byte[] Bytes(string name) =>
        [
            .. File.ReadAllBytes(Path.Combine(folder[name], "step-00000004", "model.safetensors")),
            .. File.ReadAllBytes(Path.Combine(folder[name], "step-00000004", "optimizer.safetensors")),
        ];

    private static IOException NoSpaceLeft() =>
        new("No space left on device", OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28);

    private sealed class PowerFailure : Exception;
}
