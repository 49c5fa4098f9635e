namespace PsGpt.Kernels.Gemm;

/// <summary>The sizes of a product C (M,N) = A (M,K) · B (N,K)ᵀ.</summary>
internal readonly record struct GemmShape(int M, int N, int K);
