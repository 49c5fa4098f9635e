using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PsGpt.Formats;
using PsGpt.Samples;
using PsGpt.Training;

namespace PsGpt.Unit.Module;

public sealed class TrainingMemoryTests
{
    private const int LineLength = 1 << 20;
    private const int LineCount = 20;

    [Fact]
    public void Lines_of_a_text_take_at_most_twice_their_size_beside_the_ids()
    {
        using var model = BuiltInModel.Load();
        var line = string.Concat(SampleText.Generate(LineLength / 200, seed: 3))[..LineLength];
        var idCount = (long)model.Tokenizer!.Encode(line).Length * LineCount;
        _ = Evaluate(model, [line]);
        var allocated = Evaluate(model, [.. Enumerable.Repeat(line, LineCount)]);
        Assert.InRange(allocated, idCount * sizeof(int), (idCount * sizeof(int)) + (2L * LineCount * LineLength * sizeof(char)));
    }

    /// <summary>The bytes that are allocated while a model is measured on the end of a text.</summary>
    private static long Evaluate(PsGpt.Model.GptModel model, string[] lines)
    {
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        runspace.Open();
        using var shell = PowerShell.Create();
        shell.Runspace = runspace;
        shell.AddCommand("Import-Module").AddParameter("Name", Repository.PathTo("output/PsGpt")).Invoke();
        shell.Commands.Clear();
        shell.AddCommand("Start-GptTraining").AddParameter("Model", model).AddParameter("EvaluateOnly")
            .AddParameter("BatchSize", 1).AddParameter("SequenceLength", 8).AddParameter("ValidationBatches", 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = shell.Invoke(lines);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.IsType<LossMeasurement>(Assert.Single(result).BaseObject);
        return allocated;
    }
}
