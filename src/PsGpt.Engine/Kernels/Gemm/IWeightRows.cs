namespace PsGpt.Kernels.Gemm;

/// <summary>The rows of a weight as float32, one at a time.</summary>
internal unsafe interface IWeightRows
{
    /// <summary>The floats of memory that a row takes where it is stored.</summary>
    int FloatCount { get; }

    /// <summary>A row; valid until this thread asks for the next one.</summary>
    float* Row(nint n);
}
