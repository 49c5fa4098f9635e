using System.Diagnostics;
using System.Management.Automation;
using PsGpt.Data;
using PsGpt.Tokenization;
using PsGpt.Unit.Data;
using PsGpt.Unit.Formats;
using PsGpt.Unit.Training;

namespace PsGpt.Unit.Module;

/// <summary>
/// A pipeline that is stopped ends while its cmdlet is at work or waits for the system. Nothing here sleeps: a test stops the pipeline
/// when the cmdlet is seen at work. A cmdlet that does not end makes the test fail after a minute instead of never ending.
/// </summary>
public sealed class StopTests : IDisposable
{
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_check_of_tokens_on_a_disk_that_does_not_answer()
    {
        using var model = SmallTraining.NewModel();
        using var tokens = new SilentTokens();
        using var shell = Start(shell => shell.AddCommand("Start-GptTraining")
            .AddParameter("Model", model).AddParameter("Dataset", new TokenDataset(tokens)).AddParameter("ValidationInterval", 0));
        await StopWhen(shell, tokens.WasAsked.Task);
        Assert.Equal(0, model.TrainingState.Step);
    }

    [Fact]
    public async Task The_making_of_a_large_model()
    {
        using var shell = Start(shell => shell.AddCommand("New-GptModel").AddParameter("Name", "large")
            .AddParameter("LayerCount", 24).AddParameter("HeadCount", 16).AddParameter("ChannelCount", 1024));
        await StopWhen(shell, BarOf(shell, "Making large"));
        Assert.Empty(shell.Streams.Error);
    }

    [Fact]
    public async Task The_tokenizing_of_one_long_text()
    {
        const int Length = 1 << 24;
        using var tokenizer = new SlowTokenizer();
        using var shell = Start(shell => shell.AddCommand("ConvertTo-GptTokens").AddParameter("InputObject", new string('a', Length))
            .AddParameter("Tokenizer", tokenizer));
        await StopWhen(shell, tokenizer.WasAsked.Task, tokenizer.GoOn);
        Assert.InRange(tokenizer.Length, 1, Length / 2);
    }

    [Theory]
    [InlineData("ConvertTo-GptTokens", "Path")]
    [InlineData("New-GptDataset", "Path")]
    [InlineData("New-GptTokenizer", "Path")]
    [InlineData("Start-GptTraining", "Path")]
    [InlineData("Measure-GptText", "Path")]
    public async Task The_reading_of_a_pipe_that_nobody_writes_to(string cmdlet, string parameter)
    {
        if (OperatingSystem.IsWindows())
            return;
        using (var made = Process.Start("mkfifo", folder["pipe"]))
            await made.WaitForExitAsync();
        using var shell = Start(shell => shell.AddCommand(cmdlet).AddParameter(parameter, folder["pipe"]));

        // Opening the other end waits until the cmdlet has opened this one.
        var other = Task.Run(() => new FileStream(folder["pipe"], FileMode.Open, FileAccess.Write));
        await StopWhen(shell, other);
        await (await other).DisposeAsync();
    }

    private static PowerShell Start(Action<PowerShell> add)
    {
        var shell = PowerShell.Create();
        shell.AddCommand("Import-Module").AddParameter("Name", Repository.PathTo("output/PsGpt")).Invoke();
        shell.Commands.Clear();
        add(shell);
        return shell;
    }

    /// <summary>Runs the pipeline, stops it when something has happened, and waits for its end.</summary>
    private static async Task StopWhen(PowerShell shell, Task happening, Action? afterStop = null)
    {
        var running = Task.Factory.FromAsync(shell.BeginInvoke(), shell.EndInvoke);
        Assert.Same(happening, await Task.WhenAny(happening, running, Task.Delay(Hang)));
        var stopping = Task.Run(shell.Stop);
        if (afterStop is not null)
        {
            await Until(() => shell.InvocationStateInfo.State == PSInvocationState.Stopping);
            afterStop();
        }

        await stopping.WaitAsync(Hang);
        await Assert.ThrowsAsync<PipelineStoppedException>(() => running.WaitAsync(Hang));
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);

        async Task Until(Func<bool> condition)
        {
            while (!condition())
                await Task.Yield();
        }
    }

    private static Task BarOf(PowerShell shell, string activity)
    {
        var seen = new TaskCompletionSource();
        shell.Streams.Progress.DataAdded += (_, added) =>
        {
            if (shell.Streams.Progress[added.Index].Activity == activity)
                seen.TrySetResult();
        };
        return seen.Task;
    }

    /// <summary>Ids on a network that never answers.</summary>
    private sealed class SilentTokens : ITokenSource, IDisposable
    {
        private readonly ManualResetEventSlim never = new();

        public TaskCompletionSource WasAsked { get; } = new();

        public long Count => 1L << 32;

        public string? TokenizerName => null;

        public Tokenizer? GetTokenizer() => null;

        public void CopyTo(long start, Span<int> destination)
        {
            WasAsked.TrySetResult();
            never.Wait();
        }

        /// <summary>Lets the thread end that was left behind.</summary>
        public void Dispose() => never.Set();
    }

    /// <summary>Waits within the first part of a text until it may go on.</summary>
    private sealed class SlowTokenizer : Tokenizer, IDisposable
    {
        private readonly ByteTokenizer bytes = new();
        private readonly ManualResetEventSlim mayGoOn = new();

        public TaskCompletionSource WasAsked { get; } = new();

        /// <summary>The number of characters that it was given.</summary>
        public long Length { get; private set; }

        public override string Name => bytes.Name;

        public override int VocabularySize => bytes.VocabularySize;

        public override int? EndOfTextToken => null;

        public void GoOn() => mayGoOn.Set();

        public override ReadOnlySpan<byte> GetSpan(int token) => bytes.GetSpan(token);

        public override int Encode(ReadOnlySpan<char> text, bool isEnd, List<int> tokens)
        {
            Length += text.Length;
            WasAsked.TrySetResult();
            mayGoOn.Wait(Hang);
            return bytes.Encode(text, isEnd, tokens);
        }

        public void Dispose() => mayGoOn.Dispose();
    }
}
