namespace PsGpt.Tensors;

/// <summary>
/// How a file stores weights, or a model keeps its matrices. A model that only completes and scores texts may keep them as
/// <see cref="BFloat16"/> or <see cref="Q8_0"/>; otherwise the engine computes in float32 and converts when it reads and writes.
/// </summary>
public enum WeightDataType
{
    /// <summary>32 bits, exact.</summary>
    Float32,

    /// <summary>16 bits with 11 significant ones; values beyond 65504 become infinite.</summary>
    Float16,

    /// <summary>16 bits with the range of float32 and 8 significant bits.</summary>
    BFloat16,

    /// <summary>64 bits; read only.</summary>
    Float64,

    /// <summary>
    /// 8.5 bits: 32 neighbours share a scale of 16 bits, their largest magnitude / 127, and each is a whole number of it. Errs by
    /// half a scale at most, but for the rounding of the scale itself. Of files, GGUF only.
    /// </summary>
    Q8_0,
}
