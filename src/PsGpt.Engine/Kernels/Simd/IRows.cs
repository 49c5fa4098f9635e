namespace PsGpt.Kernels.Simd;

/// <summary>The rows of a matrix, however they are stored.</summary>
internal unsafe interface IRows<TRow>
{
    /// <summary>The memory that a row takes, in floats.</summary>
    int FloatCount { get; }

    /// <summary>The memory of a row.</summary>
    float* Start(nint n);

    /// <summary>A row.</summary>
    TRow Row(nint n);
}
