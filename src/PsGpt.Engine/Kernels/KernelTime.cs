namespace PsGpt.Kernels;

/// <summary>What one operator has cost.</summary>
/// <param name="Name">The operator, such as <c>MatMulForward</c>.</param>
/// <param name="CallCount">How often it was called.</param>
/// <param name="Milliseconds">How long all calls took together.</param>
/// <param name="Operations">Additions and multiplications of all calls, as the formula has them; attention counts the causal half.</param>
internal readonly record struct KernelTime(string Name, int CallCount, double Milliseconds, double Operations)
{
    /// <summary>Billions of operations per second.</summary>
    public double GigaOperationsPerSecond => Operations / Milliseconds / 1e6;
}
