using System.Globalization;

namespace PsGpt.Kernels;

/// <summary>What one operator has cost.</summary>
/// <param name="Name">The operator, such as <c>MatMulForward</c>.</param>
/// <param name="CallCount">How often it was called.</param>
/// <param name="Milliseconds">How long all calls took together.</param>
/// <param name="Operations">Additions and multiplications of all calls, as the formula has them; attention counts the causal half.</param>
/// <param name="Bytes">What all calls read and write when each operand passes by once: the least that memory has to move.</param>
/// <param name="Share">Its part of the time of all operators, 0 to 1.</param>
public readonly record struct KernelTime(string Name, int CallCount, double Milliseconds, double Operations, double Bytes, double Share)
{
    /// <summary>Thousands of millions of operations in a second.</summary>
    public double GigaOperationsPerSecond => Operations / Milliseconds / 1e6;

    /// <summary>Thousands of millions of bytes in a second.</summary>
    public double GigaBytesPerSecond => Bytes / Milliseconds / 1e6;

    /// <summary>The names of the columns of <see cref="ToString"/>.</summary>
    public static string Header => $"{"Kernel",-24} {"Calls",7} {"ms",10} {"Share",7} {"GFLOP/s",8} {"GB/s",6}";

    /// <summary>A line of a table, under <see cref="Header"/>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name,-24} {CallCount,7} {Milliseconds,10:0.00} {100 * Share,6:0.0}% {GigaOperationsPerSecond,8:0} {GigaBytesPerSecond,6:0}");

    /// <summary>The cost of the calls of both.</summary>
    internal KernelTime Plus(KernelTime other) => this with
    {
        CallCount = CallCount + other.CallCount,
        Milliseconds = Milliseconds + other.Milliseconds,
        Operations = Operations + other.Operations,
        Bytes = Bytes + other.Bytes,
    };
}
