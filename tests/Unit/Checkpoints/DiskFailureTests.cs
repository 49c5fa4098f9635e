using PsGpt.Checkpoints;
using PsGpt.Unit.Formats;

namespace PsGpt.Unit.Checkpoints;

public sealed class DiskFailureTests
{
    /// <summary>The numbers are errno's of Linux.</summary>
    [Theory]
    [InlineData(28, "is full")]
    [InlineData(122, "is full")]
    [InlineData(24, "too many files are open")]
    [InlineData(23, "too many files are open")]
    [InlineData(30, "read-only")]
    [InlineData(2, "removed or renamed")]
    [InlineData(5, "Input/output error")]
    public void Each_error_of_the_disk_has_a_sentence_of_its_own(int error, string words)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var message = DiskFailure.Describe(
            new IOException("Input/output error", error), "/run/step-00000010", "The checkpoint 'step-00000005' is kept.").Message;
        Assert.Contains(words, message, StringComparison.Ordinal);
        Assert.Contains("'/run/step-00000010' could not be written", message, StringComparison.Ordinal);
        Assert.Contains("'step-00000005' is kept", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lack_of_permission_is_not_a_full_disk_and_not_another_run()
    {
        var error = DiskFailure.Describe(
            new UnauthorizedAccessException("Access to the path is denied."), "/run", "Choose another directory.");
        Assert.Equal("WriteFailed", error.ErrorId);
        Assert.Contains("you may not write there", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_that_was_removed_meanwhile_is_said_to_be_so()
    {
        using var folder = new TemporaryFolder();
        using var model = Training.SmallTraining.NewModel();
        using var store = new CheckpointStore(folder["run"]);
        Directory.Delete(folder["run"], recursive: true);
        var state = new CheckpointState
        {
            Configuration = model.Configuration, Options = SmallRun.Options, Dataset = new(1, 0, 0), Progress = new() { Step = 1 },
        };
        Assert.Contains("removed or renamed meanwhile", Message(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["run"]));
        File.WriteAllText(folder["run"], "");
        Assert.Contains("there is a file of that name", Message(), StringComparison.Ordinal);

        string Message() => Assert.Throws<GptException>(() => store.Save(model, state)).Message;
    }

    [Fact]
    public void A_directory_is_reserved_once_and_nothing_stays_behind()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["run"]);
        using (DirectoryLock.TryTake(folder["run"]))
            Assert.Null(DirectoryLock.TryTake(folder["run"]));
        using (var second = DirectoryLock.TryTake(folder["run"]))
            Assert.NotNull(second);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder["run"]));
        Assert.Throws<IOException>(() => DirectoryLock.TryTake(folder["none"]));
    }
}
