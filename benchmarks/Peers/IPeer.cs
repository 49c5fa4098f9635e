namespace PsGpt.Benchmarks.Peers;

/// <summary>Another program that does the same training step: GPT-2 124M, 4 x 64 tokens, as many threads.</summary>
internal interface IPeer
{
    string Name { get; }

    /// <summary>PsGpt's time over this peer's at most.</summary>
    double Bar { get; }

    /// <summary>
    /// Starts the program, lets it do some steps, and ends it: the median of a step in milliseconds, the first two left out.
    /// </summary>
    double MeasureStep();
}
