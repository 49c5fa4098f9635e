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

    private void Open() => Checkpoint.Open(files, "step-00000002", CancellationToken.None);
}
