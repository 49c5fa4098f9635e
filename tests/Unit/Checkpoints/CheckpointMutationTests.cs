using System.Text;
using PsGpt.Checkpoints;
using PsGpt.Data;
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

    /// <summary>All checksums are those of the mutated file: otherwise it would not be read.</summary>
    [Theory]
    [InlineData("training.json")]
    [InlineData("model.safetensors")]
    [InlineData("optimizer.safetensors")]
    public void A_mutated_file_with_right_checksums_ends_in_a_checkpoint_or_a_clear_error(string name) =>
        MutationTests.MutatePart(files[name], bytes =>
        {
            Replace(name, bytes);
            Open();
        }, parts: 3);

    /// <summary>No run can have written these: they must not start a loop, nor be trained with.</summary>
    [Theory]
    [InlineData("\"Epoch\": 0\n", "\"Epoch\": 2000000000\n", "2000000000 epochs")]
    [InlineData("\"Shard\": 0", "\"Shard\": 2000000000", "shard 2000000000")]
    [InlineData("\"Place\": 32", "\"Place\": -1", "place -1")]
    [InlineData("\"RunStep\": 2", "\"RunStep\": 2000000000", "2000000000 of 2 steps")]
    [InlineData("\"ValidationBatches\": 2", "\"ValidationBatches\": 0", "0 validation batches")]
    [InlineData("\"EvaluationsWithoutImprovement\": 0", "\"EvaluationsWithoutImprovement\": -5", "-5 measurements")]
    public void An_impossible_number_with_right_checksums_is_refused(string text, string changed, string said)
    {
        var state = Encoding.UTF8.GetString(files["training.json"]);
        Assert.Contains(text, state, StringComparison.Ordinal);
        Replace("training.json", Encoding.UTF8.GetBytes(state.Replace(text, changed, StringComparison.Ordinal)));
        var error = Assert.Throws<GptException>(Open);
        Assert.Equal("CheckpointBroken", error.ErrorId);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public void A_digit_of_the_version_that_is_damaged_is_no_newer_version(int version)
    {
        files["checkpoint.json"] = CheckpointJson.Write(
            CheckpointJson.Read<CheckpointManifest>(files["checkpoint.json"]) with { Version = version });
        Assert.Equal("CheckpointBroken", Assert.Throws<GptException>(Open).ErrorId);
    }

    [Fact]
    public void A_list_of_version_1_has_no_checksum_and_is_read()
    {
        var manifest = CheckpointJson.Read<CheckpointManifest>(files["checkpoint.json"]);
        Assert.NotNull(manifest.Checksum);
        files["checkpoint.json"] = CheckpointJson.Write(new CheckpointManifest(1, manifest.Files));
        Open();
        files["checkpoint.json"] = CheckpointJson.Write(new CheckpointManifest(2, manifest.Files));
        Assert.Equal("CheckpointBroken", Assert.Throws<GptException>(Open).ErrorId);
    }

    [Theory]
    [InlineData("../other.bin")]
    [InlineData("/tmp/other.bin")]
    [InlineData("")]
    public void A_list_that_names_a_file_elsewhere_is_refused(string name)
    {
        var manifest = CheckpointJson.Read<CheckpointManifest>(files["checkpoint.json"]);
        files[name] = [];
        files["checkpoint.json"] = CheckpointJson.Write(CheckpointManifest.Of([.. manifest.Files, new CheckpointFile(name, 0, 0)]));
        Assert.Contains("not the name of a file", Assert.Throws<GptException>(Open).Message, StringComparison.Ordinal);
    }

    private void Replace(string name, byte[] content)
    {
        using var checksum = new ChecksumStream(Stream.Null);
        checksum.Write(content);
        files[name] = content;
        var list = CheckpointJson.Read<CheckpointManifest>(files["checkpoint.json"]).Files.Where(file => file.Name != name);
        files["checkpoint.json"] = CheckpointJson.Write(
            CheckpointManifest.Of([.. list, new CheckpointFile(name, content.Length, checksum.Checksum)]));
    }

    private void Open() => Checkpoint.Open(files, "step-00000002", CancellationToken.None);
}
