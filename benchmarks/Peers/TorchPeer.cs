using System.Diagnostics;
using System.Globalization;

namespace PsGpt.Benchmarks.Peers;

/// <summary>PyTorch: a GPT-2 of its own layers, in <c>gpt2_step.py</c> beside this file.</summary>
internal sealed class TorchPeer(string python, int threadCount) : IPeer
{
    public string Name => "PyTorch";

    public double Bar => 0.63;

    public double MeasureStep() => PeerProcess.MedianStep(
        new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "Peers", "gpt2_step.py"), $"{threadCount}"]), threadCount,
        line => double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds) ? milliseconds : null);
}
