using PsGpt.Checkpoints;
using PsGpt.Unit.Formats;
using PsGpt.Unit.Training;

namespace PsGpt.Unit.Checkpoints;

public sealed class CheckpointMutationTests
{
    private readonly MemoryFiles files = new();

    public CheckpointMutationTests()
    {
        using var folder = new TemporaryFolder();
        using var model = SmallTraining.NewModel();
        SmallRun.Take(2, model, folder["run"]);
        foreach (var file in Directory.EnumerateFiles(folder["run/step-00000002"]))
            files[Path.GetFileName(file)] = File.ReadAllBytes(file);
    }

    [Fact]
    public void A_mutated_list_of_files_ends_in_a_checkpoint_or_a_clear_error() => MutationTests.Mutate(files["checkpoint.json"], list =>
    {
        files["checkpoint.json"] = list;
        Open();
    });

    /// <summary>With the length and the checksum that it then has, or it would not be looked into.</summary>
    [Fact]
    public void A_mutated_state_ends_in_a_checkpoint_or_a_clear_error()
    {
        var manifest = CheckpointJson.Read<CheckpointManifest>(files["checkpoint.json"]);
        MutationTests.Mutate(files["training.json"], state =>
        {
            using var checksum = new ChecksumStream(Stream.Null);
            checksum.Write(state);
            files["training.json"] = state;
            files["checkpoint.json"] = CheckpointJson.Write(manifest with
            {
                Files = [.. manifest.Files.Select(file => file.Name == "training.json" ? file with { Length = state.Length, Checksum = checksum.Checksum } : file)],
            });
            Open();
        });
    }

    [Theory]
    [InlineData("../other.bin")]
    [InlineData("/tmp/other.bin")]
    [InlineData("")]
    public void A_list_that_names_a_file_elsewhere_is_refused(string name)
    {
        var manifest = CheckpointJson.Read<CheckpointManifest>(files["checkpoint.json"]);
        files[name] = [];
        files["checkpoint.json"] = CheckpointJson.Write(manifest with { Files = [.. manifest.Files, new CheckpointFile(name, 0, 0)] });
        Assert.Contains("not the name of a file", Assert.Throws<GptException>(Open).Message, StringComparison.Ordinal);
    }

    private void Open() => Checkpoint.Open(files, "step-00000002", CancellationToken.None);
}
