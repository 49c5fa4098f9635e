namespace PsGpt.Formats;

/// <summary>How a file stores a weight. The engine computes in float32 and converts when it reads and writes.</summary>
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
}
