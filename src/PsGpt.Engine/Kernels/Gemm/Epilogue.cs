namespace PsGpt.Kernels.Gemm;

/// <summary>The work on a tile of C while it is in the first-level cache. A null pointer leaves that part out.</summary>
internal unsafe struct Epilogue
{
    /// <summary>No work.</summary>
    public static Epilogue None => default;

    /// <summary>Added to every row, (N).</summary>
    public float* Bias;

    /// <summary>Added element by element, laid out as C.</summary>
    public float* Residual;

    /// <summary>Receives the activation of C, laid out as C.</summary>
    public float* Activated;

    /// <summary>C is multiplied by the activation's derivative at these values, laid out as C.</summary>
    public float* PreActivation;

    /// <summary>The activation function.</summary>
    public ActivationFunction Activation;

    /// <summary>The tensor laid out as C that is read or written beside it, or null.</summary>
    public readonly float* Companion => PreActivation is not null ? PreActivation : Residual is not null ? Residual : Activated;

    /// <summary>Whether there is no work.</summary>
    public readonly bool IsEmpty => Bias is null && Residual is null && Activated is null && PreActivation is null;
}
