namespace PsGpt.Kernels;

/// <summary>The sizes of the matrix products of a linear layer: M rows, K inputs, N outputs.</summary>
internal readonly record struct MatMulShape(int M, int K, int N)
{
    /// <summary>The additions and multiplications of one product.</summary>
    public double Operations => 2.0 * M * K * N;

    /// <summary>The values of its three matrices.</summary>
    public double Values => ((double)M * K) + ((double)K * N) + ((double)M * N);
}
