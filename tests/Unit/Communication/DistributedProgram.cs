using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PsGpt.Checkpoints;
using PsGpt.Communication.Mpi;
using PsGpt.Data;
using PsGpt.Formats.TokenFiles;
using PsGpt.Training;
using PsGpt.Unit.Training;

namespace PsGpt.Unit.Communication;

/// <summary>Trains a small model on the ranks of a launcher: <c>mpirun -n 3 dotnet PsGpt.Unit.dll distribute DIRECTORY FAULT</c>.</summary>
internal static class DistributedProgram
{
    /// <summary>The step after which rank 1 of a run with a fault fails.</summary>
    public const int FaultStep = 5;

    /// <summary>The steps of a run with a fault: more than it can ever take.</summary>
    public const int FaultRunSteps = 1_000_000;

    /// <summary>
    /// Muon, which leaves some tensors to AdamW. Ranks that outnumber the processors wait for each other long, so the steps are few.
    /// </summary>
    public static readonly TrainingRunOptions Options = RankRun.Options("muon", steps: 10);

    public static int Run(string directory, string fault)
    {
        var rank = MpiCommunicator.World.Rank;
        if (fault == "none")
            return TrainTwice() && ResumeOnce(directory) ? 0 : 1;
        Console.Out.WriteLine($"process {Environment.ProcessId}");
        try
        {
            using var text = fault == "lose" ? NewTextFile(TextPath(directory, rank)) : null;
            Continue(directory, FaultRunSteps, interval: 1, step => Fail(rank, step, fault, directory), text, fault == "full" ? 1000 : 1);
            return 0;
        }
        catch (GptException exception)
        {
            Console.Error.WriteLine($"rank {rank}: {exception.Message}");
            return 1;
        }
    }

    private static void Fail(int rank, int step, string fault, string directory)
    {
        if (rank != 1 || step != FaultStep || fault == "full")
            return;
        if (fault == "lose")
        {
            using var file = new FileStream(TextPath(directory, rank), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.SetLength(file.Length / 4);
            return;
        }

        if (fault == "kill")
            Process.GetCurrentProcess().Kill();
        if (fault == "orphan")
        {
            Process.Start("sh", ["-c", $"kill -KILL $(ps -o ppid= -p {Environment.ProcessId})"]).WaitForExit();
            return;
        }

        if (fault == "interrupt")
        {
            Console.Out.WriteLine(MpiRun.InterruptLine);
            return;
        }

        throw new GptException("ReadFailed", GptErrorKind.ReadFailed, "The text is gone.");
    }

    private static string TextPath(string directory, int rank) => Path.Combine(Path.GetDirectoryName(directory)!, $"text-{rank}.bin");

    /// <summary>The text in a file, from which each batch is read when its turn comes.</summary>
    private static TokenDataset NewTextFile(string path)
    {
        using (var writer = new TokenShardWriter(path, "nanogpt"))
        {
            writer.Write(new TokenSequence(SmallTraining.Text(400)));
            writer.Complete();
        }

        var file = TokenFile.Open(path, "nanogpt");
        return new TokenDataset(file, owner: file);
    }

    private static bool TrainTwice()
    {
        var first = RankRun.Take(MpiCommunicator.World, Options);
        var second = RankRun.Take(MpiCommunicator.World, Options);
        Require(first.Steps.SequenceEqual(second.Steps) && first.Weights.SequenceEqual(second.Weights), "the same bits in two runs");
        Console.Out.WriteLine($"ends with {HashOf(first.Weights)}");
        if (MpiCommunicator.World.Rank == 0)
            Array.ForEach(first.Steps, step => Console.Out.WriteLine($"step: {step}"));
        return true;
    }

    private static bool ResumeOnce(string directory)
    {
        var whole = Continue(Path.Combine(directory, "whole"), 6, interval: 0);
        Continue(Path.Combine(directory, "parts"), 4, interval: 3);
        Require(Continue(Path.Combine(directory, "parts"), 6, interval: 0) == whole, "the same bits after a resume");
        return true;
    }

    /// <summary>Continues the run of a directory up to a step.</summary>
    /// <returns>A hash of the weights.</returns>
    private static string Continue(
        string directory, int steps, int interval, Action<int>? afterStep = null, TokenDataset? text = null, int keep = 1)
    {
        var world = MpiCommunicator.World;
        using var model = SmallTraining.NewModel();
        using var store = world.Rank == 0 ? new CheckpointStore(directory) : null;
        var options = RankRun.Options("muon", steps);
        using var run = new TrainingRun(model, text ?? SmallTraining.NewDataset(), options, communicator: world);
        var checkpointed = new CheckpointedRun(run, store, new CheckpointOptions { CheckpointInterval = interval, Keep = keep });
        if (Checkpoint.Share(world, store?.FindNewest(Console.Error.WriteLine)) is { } checkpoint)
            checkpointed.Resume(checkpoint, _ => { });
        foreach (var step in checkpointed.Steps())
            afterStep?.Invoke(step.Step);
        return HashOf(SmallTraining.Weights(model));
    }

    private static string HashOf(float[] weights) => Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(weights.AsSpan())));

    private static void Require(bool holds, string what)
    {
        if (!holds)
            throw new InvalidOperationException($"Rank {MpiCommunicator.World.Rank} does not have {what}.");
    }
}
