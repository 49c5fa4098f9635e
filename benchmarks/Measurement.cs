namespace PsGpt.Benchmarks;

/// <summary>Medians of something measured in turn with the machine.</summary>
/// <param name="Milliseconds">How long it takes.</param>
/// <param name="Peak">The multiply-add peak, in GFLOP/s.</param>
/// <param name="Sustained">The rate that multiply-adds alone keep up for as long, in GFLOP/s.</param>
internal sealed record Measurement(double Milliseconds, double Peak, double Sustained)
{
    /// <summary>The share of the peak that some arithmetic reached, in thousands of millions of operations.</summary>
    public double PeakShare(double gigaOperations) => gigaOperations / Milliseconds * 1e3 / Peak;

    /// <summary>The share of the sustained rate.</summary>
    public double SustainedShare(double gigaOperations) => gigaOperations / Milliseconds * 1e3 / Sustained;
}
