namespace PsGpt.Kernels.Gemm;

/// <summary>
/// The rows of A that a micro-kernel reads, as a type for each layout: the compiler then knows where each value lies, and reaches
/// several steps of K from one address.
/// </summary>
internal unsafe interface IMicroPanel<TSelf>
    where TSelf : struct, IMicroPanel<TSelf>
{
    /// <summary>The rows whose first value is at an address.</summary>
    /// <param name="rowStride">Floats from a row to the next, where the layout does not fix it.</param>
    static abstract TSelf At(float* data, nint rowStride);

    /// <summary>The value of a row, some steps of K ahead.</summary>
    float Value(int row, int step);

    /// <summary>Advances by some steps of K.</summary>
    void Advance(int steps);
}
