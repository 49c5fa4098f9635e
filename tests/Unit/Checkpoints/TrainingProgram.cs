using PsGpt.Data;
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
        if (arguments is not [var directory, var step, var interval])
            return 2;
        using var model = SmallTraining.NewModel();
        var options = SmallRun.Options with { StepCount = int.Parse(step), ValidationInterval = 2, Order = BatchOrder.Shuffled };
        foreach (var done in SmallRun.Steps(model, directory, resume: true, options, int.Parse(interval), warn: Console.Error.WriteLine))
            Console.Out.WriteLine(done.Step);
        return 0;
    }
}
