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
                faults.Add(launcher, "lose");
                faults.Add(launcher, "orphan");
                faults.Add(launcher, "interrupt");
            }

            return faults;
        }
    }

    public static TheoryData<string> Launchers => [.. MpiRun.Installed];

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
        var ranks = MpiRun.Prepare(launcher, 3, "distribute", folder["run"], fault);
        if (fault == "orphan")
            MpiRun.WrapRanks(ranks);
        var (exitCode, output, errors) = MpiRun.Start(ranks);
        if (fault == "throw")
            Assert.Contains("rank 1: The text is gone.", errors);
        if (fault == "lose")
            Assert.Contains($"rank 1: '{folder["text-1.bin"]}' has become shorter since it was opened.", errors);

        // After Ctrl+C, MPICH's launcher ends with 2 or with 0, as it happens: 0 in three of ten runs.
        if (fault != "interrupt")
            Assert.NotEqual(0, exitCode);
        RequireAllEnded(output);
        using var store = new CheckpointStore(folder["run"]);
        var step = store.FindNewest(_ => { })!.State.Progress.Step;

        // An interrupt takes a moment, as does the launcher's look at its children: the steps continue, and do not come to their end.
        var last = fault is "interrupt" or "orphan" ? DistributedProgram.FaultRunSteps - 1 : DistributedProgram.FaultStep;
        Assert.InRange(step, DistributedProgram.FaultStep - 1, last);
    }

    /// <summary>The disk ends with the test, so what is on it is copied when the ranks have ended.</summary>
    [FullDiskTheory]
    [MemberData(nameof(Launchers))]
    public void A_full_disk_on_the_rank_that_writes_ends_all_and_the_last_checkpoint_resumes(string launcher)
    {
        var (disk, copy) = (folder["disk"], folder["copy"]);
        Directory.CreateDirectory(disk);
        var ranks = MpiRun.Prepare(launcher, 3, "distribute", Path.Combine(disk, "run"), "full");
        var shell = new ProcessStartInfo(
            "sh", ["-c", "\"$@\"; code=$?; cp -r \"$0/run\" " + copy + "; exit $code", disk, ranks.FileName, .. ranks.ArgumentList]);
        foreach (var (name, value) in ranks.Environment)
            shell.Environment[name] = value;
        var (exitCode, output, errors) = MpiRun.Start(SmallDiskFactAttribute.On(disk, kilobytes: 400, shell));
        Assert.NotEqual(0, exitCode);

        // All ranks have this error, and the first that ends with it may end the others before they say so.
        Assert.Contains($"Rank 0 on {Environment.MachineName} cannot save the run: The disk '{disk}' is full: ", errors);
        RequireAllEnded(output);
        using var model = SmallTraining.NewModel();
        using var store = new CheckpointStore(copy);
        var step = store.FindNewest(Assert.Fail)!.State.Progress.Step;
        store.Dispose();
        Assert.InRange(step, 1, DistributedProgram.FaultRunSteps - 1);
        var (steps, _) = SmallRun.Take(1, model, copy, resume: true, RankRun.Options("muon", steps: step + 1));
        Assert.Equal(step + 1, steps.Single().Step);
    }

    private static void RequireAllEnded(string output)
    {
        var lines = output.Split('\n').Where(line => line.StartsWith("process ", StringComparison.Ordinal));
        var processes = lines.Select(line => int.Parse(line["process ".Length..])).ToArray();
        Assert.Equal(3, processes.Length);
        Assert.All(processes, id => Assert.False(IsAlive(id), $"process {id} is left"));
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

    /// <summary>Reported as skipped where there is no MPI, or no small disk.</summary>
    private sealed class FullDiskTheoryAttribute : TheoryAttribute
    {
        public FullDiskTheoryAttribute() => Skip = DisplayName = new MpiTheoryAttribute().Skip ?? SmallDiskFactAttribute.Obstacle;
    }

    private byte[] Bytes(string name, string file) => File.ReadAllBytes(folder[$"run/{name}/step-00000006/{file}"]);
}
