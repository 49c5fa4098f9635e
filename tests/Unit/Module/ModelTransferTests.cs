using System.Management.Automation;
using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Tensors;
using PsGpt.Unit.Formats;

namespace PsGpt.Unit.Module;

/// <summary>How far the loading and the writing of a model are: told by the formats, shown by the cmdlet.</summary>
public sealed class ModelTransferTests : IDisposable
{
    private static readonly GptConfiguration Tiny = new()
    {
        VocabularySize = 300, ContextLength = 8, LayerCount = 2, HeadCount = 2, ChannelCount = 12,
    };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("huggingface")]
    [InlineData("llm.c")]
    public void The_share_that_has_been_written_or_read_rises_to_all(string format)
    {
        var (written, read) = (new Shares(), new Shares());
        using (var model = ModelInitializer.Create(Tiny, null, seed: 1))
            ModelFile.Write(model, folder["model"], format, progress: written);
        ModelFile.Read(folder["model"], progress: read).Dispose();
        foreach (var shares in new[] { written.Values, read.Values })
        {
            Assert.True(shares.Count > 10);
            Assert.Equal(shares.Order(), shares);
            Assert.InRange(shares[0], 0.0, 0.9);
            Assert.Equal(1, shares[^1]);
        }
    }

    [Fact]
    public void A_model_that_loads_for_long_has_a_bar()
    {
        File.WriteAllText(folder["large.bin"], "large");
        var result = RunSlowly("Loading large.bin", shell => shell.AddCommand("Import-GptModel").AddParameter("Path", folder["large.bin"]));
        Assert.IsType<GptModel>(Assert.Single(result).BaseObject);
    }

    [Fact]
    public void A_model_that_is_written_for_long_has_a_bar()
    {
        using var model = ModelInitializer.Create(Tiny, null, seed: 1);
        var result = RunSlowly("Writing large.bin", shell =>
            shell.AddCommand("Export-GptModel").AddParameter("Model", model).AddParameter("Path", folder["large.bin"]));
        Assert.Equal(folder["large.bin"], Assert.IsType<FileInfo>(Assert.Single(result).BaseObject).FullName);
        Assert.Equal("slow", File.ReadAllText(folder["large.bin"]));
    }

    /// <summary>Runs a cmdlet with a format that waits until its bar was seen at a quarter.</summary>
    private static PSDataCollection<PSObject> RunSlowly(string activity, Action<PowerShell> add)
    {
        using var slow = new SlowFormat();
        ModelFormatCatalog.Registry.Register(slow);
        try
        {
            using var shell = PowerShell.Create();
            shell.AddCommand("Import-Module").AddParameter("Name", Repository.PathTo("output/PsGpt")).Invoke();
            shell.Commands.Clear();
            add(shell);
            var running = shell.AddParameter("Format", slow.Name).BeginInvoke();
            while (shell.Streams.Progress.Count == 0 || shell.Streams.Progress[^1].PercentComplete == 0)
                Assert.False(running.AsyncWaitHandle.WaitOne(20), "It ended without a bar.");
            slow.Go.Set();
            var result = shell.EndInvoke(running);
            Assert.Contains(shell.Streams.Progress, bar => bar.Activity == activity && bar.PercentComplete == 25);
            Assert.Equal(ProgressRecordType.Completed, shell.Streams.Progress[^1].RecordType);
            return result;
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

    /// <summary>Reads or writes a quarter, and waits with the rest, but not for ever.</summary>
    private sealed class SlowFormat : IModelFormat, IDisposable
    {
        public ManualResetEventSlim Go { get; } = new();

        public string Name => "slow";

        public string Description => "takes its time";

        public bool Recognizes(string path) => false;

        public GptModel Read(string path, ModelReadOptions options, CancellationToken cancellationToken)
        {
            Wait(options.Progress!, cancellationToken);
            return ModelInitializer.Create(Tiny, null, seed: 1);
        }

        public void Write(
            GptModel model, string path, WeightDataType dataType, IProgress<double>? progress, CancellationToken cancellationToken)
        {
            Wait(progress!, cancellationToken);
            File.WriteAllText(path, Name);
        }

        public void Dispose() => Go.Dispose();

        private void Wait(IProgress<double> progress, CancellationToken cancellationToken)
        {
            progress.Report(0.25);
            Go.Wait(TimeSpan.FromSeconds(20), cancellationToken);
        }
    }
}
