using System.Management.Automation;
using PsGpt.Communication;
using PsGpt.Communication.Mpi;

namespace PsGpt.Commands;

/// <summary>The processes that <c>mpirun</c> or <c>srun</c> started for one training, and what they do when one of them fails.</summary>
internal sealed class TrainingRanks
{
    private readonly GptCmdlet cmdlet;

    /// <summary>Joins the other processes where that is asked for.</summary>
    /// <exception cref="GptException"><c>LauncherMissing</c>, <c>MpiNotFound</c>, <c>CommunicationFailed</c>.</exception>
    public TrainingRanks(GptCmdlet cmdlet, bool isDistributed)
    {
        this.cmdlet = cmdlet;
        var count = MpiLauncher.RankCount;
        if (isDistributed && count is null)
        {
            throw new GptException("LauncherMissing", GptErrorKind.InvalidArgument,
                "-Distributed needs several processes, which mpirun or srun starts. Write this line into a script, such as train.ps1, and "
                + "start it with: mpirun -n 4 pwsh -NoProfile -File train.ps1");
        }

        Communicator = isDistributed ? MpiCommunicator.World : SingleProcess.Instance;
        if (!isDistributed && count > 1 && MpiLauncher.Rank == 0)
        {
            cmdlet.WriteWarning($"{count} processes were started, and each trains a model of its own. "
                + "Add -Distributed, and they train one model together.");
        }
    }

    /// <summary>The processes; this one alone where nothing is distributed.</summary>
    public ICommunicator Communicator { get; }

    /// <summary>Whether this process trains alone.</summary>
    public bool IsAlone => Communicator.Size == 1;

    /// <summary>Whether this process is the one that emits, shows and writes.</summary>
    public bool IsFirst => Communicator.Rank == 0;

    /// <summary>Does work that may fail on some ranks: it then fails on all.</summary>
    public T Together<T>(Func<T> work) => Communicator.Together(work);

    /// <summary>
    /// Does work in which ranks wait for each other. Rank 0 reports an error of all ranks. An error of this rank alone ends the processes
    /// of all: the others would wait for ever.
    /// </summary>
    /// <returns>Whether the work was done.</returns>
    public bool Guard(Action work)
    {
        try
        {
            work();
            return true;
        }
        catch (Exception exception) when (!IsAlone && !IsStop(exception))
        {
            if (!RankAgreement.IsOfAllRanks(exception))
                EndAll(exception);
            if (IsFirst)
                throw;
            cmdlet.WriteVerbose(exception.Message);
            return false;
        }
    }

    /// <summary>The pipeline is stopped by its user or by a later command: the ranks agree on that between two steps.</summary>
    private static bool IsStop(Exception exception) =>
        exception is PipelineStoppedException or FlowControlException or OperationCanceledException;

    private void EndAll(Exception exception)
    {
        Console.Error.WriteLine(
            $"Start-GptTraining: rank {Communicator.Rank} of {Communicator.Size} on {Environment.MachineName} failed and ends "
            + $"all ranks: {exception.Message}");
        Communicator.Abort(exitCode: 1);
    }
}
