using System.Management.Automation;
using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Unit.Formats;

namespace PsGpt.Unit.Module;

/// <summary>How far the loading of a model is: told by the formats, shown by the cmdlet.</summary>
public sealed class ModelReadingTests : IDisposable
{
    private static readonly GptConfiguration Tiny = new() { VocabularySize = 300, ContextLength = 8, LayerCount = 2, HeadCount = 2, ChannelCount = 12 };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("huggingface")]
    [InlineData("llm.c")]
    public void The_share_that_has_been_read_rises_to_all(string format)
    {
        using (var model = ModelInitializer.Create(Tiny, null, seed: 1))
            ModelFile.Write(model, folder["model"], format);
        var shares = new Shares();
        ModelFile.Read(folder["model"], progress: shares).Dispose();
        Assert.True(shares.Values.Count > 10);
        Assert.Equal(shares.Values.Order(), shares.Values);
        Assert.InRange(shares.Values[0], 0.0, 0.9);
        Assert.Equal(1, shares.Values[^1]);
    }

    [PowerShellFact]
    public void A_model_that_loads_for_long_has_a_bar()
    {
        using var slow = new SlowFormat();
        ModelFormatCatalog.Registry.Register(slow);
        try
        {
            File.WriteAllText(folder["large.bin"], "large");
            using var shell = PowerShell.Create();
            shell.AddCommand("Import-Module").AddParameter("Name", Repository.PathTo("output/PsGpt")).Invoke();
            shell.Commands.Clear();
            var running = shell.AddCommand("Import-GptModel").AddParameter("Path", folder["large.bin"]).AddParameter("Format", slow.Name).BeginInvoke();
            while (shell.Streams.Progress.Count == 0 || shell.Streams.Progress[^1].PercentComplete == 0)
                Assert.False(running.AsyncWaitHandle.WaitOne(20), "It ended without a bar.");
            slow.Go.Set();
            Assert.IsType<GptModel>(Assert.Single(shell.EndInvoke(running)).BaseObject);
            Assert.Contains(shell.Streams.Progress, bar => bar is { Activity: "Loading large.bin", PercentComplete: 25 });
            Assert.Equal(ProgressRecordType.Completed, shell.Streams.Progress[^1].RecordType);
        }
        finally
        {
            ModelFormatCatalog.Registry.Unregister(slow.Name);
        }
    }

    private sealed class Shares : IProgress<double>
    {
        public List<double> Values { get; } = [];

        public void Report(double value) => Values.Add(value);
    }

    /// <summary>Reads a quarter, and waits with the rest, but not for ever.</summary>
    private sealed class SlowFormat : IModelFormat, IDisposable
    {
        public ManualResetEventSlim Go { get; } = new();

        public string Name => "slow";

        public string Description => "takes its time";

        public bool Recognizes(string path) => false;

        public GptModel Read(string path, IProgress<double>? progress, CancellationToken cancellationToken)
        {
            progress!.Report(0.25);
            Go.Wait(TimeSpan.FromSeconds(20), cancellationToken);
            return ModelInitializer.Create(Tiny, null, seed: 1);
        }

        public void Write(GptModel model, string path, WeightDataType dataType, CancellationToken cancellationToken) => throw new NotSupportedException();

        public void Dispose() => Go.Dispose();
    }
}
