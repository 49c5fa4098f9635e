namespace PsGpt.Kernels;

/// <summary>The cost of one operator.</summary>
/// <param name="Name">The operator, such as <c>MatMulForward</c>.</param>
/// <param name="CallCount">The number of calls.</param>
/// <param name="Milliseconds">The time of all calls.</param>
/// <param name="Operations">Additions and multiplications of all calls, as the formula has them; attention counts the causal half.</param>
/// <param name="Bytes">The traffic of all calls if each operand is read or written once: the minimum.</param>
/// <param name="Share">Its part of the time of all operators, 0 to 1.</param>
public readonly record struct KernelTime(string Name, int CallCount, double Milliseconds, double Operations, double Bytes, double Share)
{
    /// <summary>GFLOP/s.</summary>
    public double GigaOperationsPerSecond => Operations / Milliseconds / 1e6;

    /// <summary>GB/s.</summary>
    public double GigaBytesPerSecond => Bytes / Milliseconds / 1e6;

    /// <summary>The cost of the calls of both.</summary>
    internal KernelTime Plus(KernelTime other) => this with
    {
        CallCount = CallCount + other.CallCount,
        Milliseconds = Milliseconds + other.Milliseconds,
        Operations = Operations + other.Operations,
        Bytes = Bytes + other.Bytes,
    };
}
