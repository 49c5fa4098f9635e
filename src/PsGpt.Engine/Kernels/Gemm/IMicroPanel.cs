namespace PsGpt.Kernels.Gemm;

/// <summary>
/// The rows of A that a register tile reads, as a type: the compiler knows then where each value lies, and finds several steps of the depth
/// from one address.
/// </summary>
internal unsafe interface IMicroPanel<TSelf>
    where TSelf : struct, IMicroPanel<TSelf>
{
    /// <summary>The rows whose first value stands at an address.</summary>
    /// <param name="stride">Floats from a row to the next, where the layout does not tell.</param>
    static abstract TSelf At(float* data, nint stride);

    /// <summary>The value of a row, some steps of the depth ahead.</summary>
    float Value(int row, int step);

    /// <summary>Goes some steps of the depth on.</summary>
    void Advance(int steps);
}
