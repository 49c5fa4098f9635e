namespace PsGpt.Kernels.Gemm;

/// <summary>The rows of a weight, however it is stored.</summary>
internal interface IWeightRows<TRow>
{
    /// <summary>The memory that a row takes, in floats.</summary>
    int FloatCount { get; }

    /// <summary>A row.</summary>
    TRow Row(nint n);
}
