using System.Diagnostics;
using PsGpt.Checkpoints;
using PsGpt.Communication;
using PsGpt.Unit.Checkpoints;
using PsGpt.Unit.Formats;
using PsGpt.Unit.Training;

namespace PsGpt.Unit.Communication;

/// <summary>Training under the MPIs of this machine: real processes, real faults.</summary>
public sealed class DistributedProcessTests : IDisposable
{
    // As in DistributedTrainingTests, which gives the reason.
    private const double Tolerance = 1e-4;

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string, int> Groups => CommunicatorTests.Groups;

    public static TheoryData<string, string> Faults
    {
        get
        {
            var faults = new TheoryData<string, string>();
            foreach (var launcher in MpiRun.Installed)
            {
                faults.Add(launcher, "kill");
                faults.Add(launcher, "throw");
                faults.Add(launcher, "interrupt");
            }

            return faults;
        }
    }

    public void Dispose() => folder.Dispose();

    [MpiTheory]
    [MemberData(nameof(Groups))]
    public void Ranks_train_one_model_with_the_losses_of_one_process_and_resume(string launcher, int rankCount)
    {
        Directory.CreateDirectory(folder["run"]);
        var (exitCode, output, errors) = MpiRun.Start(launcher, rankCount, "distribute", folder["run"], "none");
        Assert.True(exitCode == 0, errors);
        var lines = output.Split('\n');
        var hashes = lines.Where(line => line.StartsWith("ends with", StringComparison.Ordinal)).ToArray();
        Assert.Equal(rankCount, hashes.Length);
        Assert.Single(hashes.Distinct());
        var steps = lines.Where(line => line.StartsWith("step: ", StringComparison.Ordinal)).Select(line => line["step: ".Length..]);
        var alone = RankRun.Take(SingleProcess.Instance, RankRun.Together(DistributedProgram.Options, rankCount));
        var (expected, actual) = (RankRun.Losses(alone.Steps), RankRun.Losses(steps));
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, Tolerance));
        foreach (var file in new[] { "model.safetensors", "optimizer.safetensors" })
            Assert.Equal(Bytes("whole", file), Bytes("parts", file));
        if (rankCount > 1)
            ContinueAlone(rankCount);
    }

    [MpiTheory]
    [MemberData(nameof(Faults))]
    public void A_rank_that_fails_ends_all_and_the_last_checkpoint_resumes(string launcher, string fault)
    {
        var (exitCode, output, errors) = MpiRun.Start(launcher, 3, "distribute", folder["run"], fault);
        if (fault == "throw")
            Assert.Contains("rank 1: The text is gone.", errors);

        // After Ctrl+C, MPICH's launcher ends with 2 or with 0, as it happens: 0 in three of ten runs.
        if (fault != "interrupt")
            Assert.NotEqual(0, exitCode);
        var lines = output.Split('\n').Where(line => line.StartsWith("process ", StringComparison.Ordinal));
        var processes = lines.Select(line => int.Parse(line["process ".Length..])).ToArray();
        Assert.Equal(3, processes.Length);
        Assert.All(processes, id => Assert.False(IsAlive(id), $"process {id} is left"));
        using var store = new CheckpointStore(folder["run"]);
        var step = store.FindNewest(_ => { })!.State.Progress.Step;

        // An interrupt takes a moment, in which the steps continue; they do not come to their end.
        var last = fault == "interrupt" ? DistributedProgram.FaultRunSteps - 1 : DistributedProgram.FaultStep;
        Assert.InRange(step, DistributedProgram.FaultStep - 1, last);
    }

    /// <summary>One process resumes the run of several, and says so.</summary>
    private void ContinueAlone(int rankCount)
    {
        using var model = SmallTraining.NewModel();
        var (steps, warnings) = SmallRun.Take(2, model, folder["run/parts"], resume: true, RankRun.Options("muon", steps: 8));
        Assert.Equal([7, 8], steps.Select(step => step.Step));
        Assert.Contains(
            warnings, warning => warning.StartsWith($"The run had {rankCount} processes and has 1 now", StringComparison.Ordinal));
    }

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.WaitForExit(TimeSpan.FromSeconds(30));
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private byte[] Bytes(string name, string file) => File.ReadAllBytes(folder[$"run/{name}/step-00000006/{file}"]);
}
