using System.Diagnostics;
using PsGpt.Data;
using PsGpt.Unit.Communication;
using PsGpt.Unit.Training;

namespace PsGpt.Unit.Checkpoints;

/// <summary>
/// Trains a small model up to a step, going on from the checkpoints of a directory, and says so after each step. It is run as a
/// process of its own, which may be killed at any time: <c>dotnet PsGpt.Unit.dll DIRECTORY STEP INTERVAL</c>.
/// </summary>
internal static class TrainingProgram
{
    public static int Main(string[] arguments)
    {
        if (arguments is ["communicate"])
            return CommunicationProgram.Run();
        if (arguments is ["distribute", var place, var fault])
            return DistributedProgram.Run(place, fault);
        if (arguments is not [var directory, var step, var interval])
            return 2;
        using var model = SmallTraining.NewModel();
        var options = SmallRun.Options with { Steps = int.Parse(step), ValidationInterval = 2, Order = BatchOrder.Shuffled };
        try
        {
            var steps = SmallRun.Steps(model, directory, resume: true, options, int.Parse(interval), warn: Console.Error.WriteLine);
            foreach (var done in steps)
                Console.Out.WriteLine(done.Step);
            return 0;
        }
        catch (GptException exception)
        {
            Console.Error.WriteLine($"{exception.ErrorId}: {exception.Message}");
            return 1;
        }
    }

    /// <summary>The command line of such a process, with what makes it start fastest: there is little to compute.</summary>
    public static ProcessStartInfo Start(string directory, int stepCount, int interval)
    {
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        return new ProcessStartInfo(host)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["PSGPT_KERNELS"] = "scalar", ["PSGPT_THREADS"] = "1", ["DOTNET_TieredPGO"] = "0" },
            ArgumentList = { typeof(TrainingProgram).Assembly.Location, directory, $"{stepCount}", $"{interval}" },
        };
    }
}
