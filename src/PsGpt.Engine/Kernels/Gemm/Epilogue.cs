namespace PsGpt.Kernels.Gemm;

/// <summary>What happens to a tile of a product while it is still in the first cache. Null pointers mean "nothing".</summary>
internal unsafe struct Epilogue
{
    /// <summary>Added to every row, (N).</summary>
    public float* Bias;

    /// <summary>Added element by element, laid out as the product.</summary>
    public float* Residual;

    /// <summary>Takes the activation of the product, laid out as the product.</summary>
    public float* Activated;

    /// <summary>Where the activation's derivative is taken that the product is multiplied by, laid out as the product.</summary>
    public float* PreActivation;

    /// <summary>Which activation.</summary>
    public ActivationFunction Activation;

    /// <summary>What is read or written that is laid out as the product, or null.</summary>
    public readonly float* Companion => PreActivation is not null ? PreActivation : Residual is not null ? Residual : Activated;

    /// <summary>Whether there is anything to do.</summary>
    public readonly bool IsEmpty => Bias is null && Residual is null && Activated is null && PreActivation is null;
}
