using System.Diagnostics;
using System.Globalization;
using PsGpt.Checkpoints;
using PsGpt.Formats;
using PsGpt.Unit.Formats;

namespace PsGpt.Unit.Checkpoints;

/// <summary>A process that trains is killed as hard as the system can, again and again.</summary>
public sealed class KilledProcessTests : IDisposable
{
    // A thorough run has hundreds: set the environment variable PSGPT_KILLS.
    private static readonly int KillCount =
        int.TryParse(Environment.GetEnvironmentVariable("PSGPT_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count : 50;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void After_many_kills_at_random_moments_the_run_ends_with_the_same_bits()
    {
        var random = new RandomStream(1);
        var last = 0;
        for (var kill = 0; kill < KillCount; kill++)
        {
            using var process = Start("killed", stepCount: 1_000_000, interval: 1);

            // Some steps, then some part of the next one or of its checkpoint.
            for (var left = random.NextInt32(6); left >= 0; left--)
                Assert.NotNull(process.StandardOutput.ReadLine());
            Thread.SpinWait(random.NextInt32(1 << 17));
            process.Kill();
            process.WaitForExit();
            Assert.True(process.ExitCode != 0);

            using var store = new CheckpointStore(folder["killed"]);
            var checkpoint = store.FindNewest(Assert.Fail);
            Assert.True(checkpoint is not null || last == 0, "There is no checkpoint any more.");
            if (checkpoint is null)
                continue;
            Assert.InRange(checkpoint.State.Progress.Step, last, int.MaxValue);
            last = checkpoint.State.Progress.Step;
            ModelFile.Read(checkpoint.Path).Dispose();
            ModelFile.Read(folder[$"killed/{File.ReadAllText(folder["killed/latest"])}"]).Dispose();
        }

        Assert.InRange(last, KillCount, 999_999);
        foreach (var name in new[] { "killed", "whole" })
        {
            using var process = Start(name, last + 10, interval: 0);
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal((0, ""), (process.ExitCode, process.StandardError.ReadToEnd()));
        }

        foreach (var file in new[] { "model.safetensors", "optimizer.safetensors" })
            Assert.Equal(Bytes("whole", last + 10, file), Bytes("killed", last + 10, file));
    }

    private byte[] Bytes(string name, int step, string file) =>
        File.ReadAllBytes(folder[string.Create(CultureInfo.InvariantCulture, $"{name}/step-{step:D8}/{file}")]);

    private Process Start(string name, int stepCount, int interval) =>
        Process.Start(TrainingProgram.Start(folder[name], stepCount, interval))!;
}
