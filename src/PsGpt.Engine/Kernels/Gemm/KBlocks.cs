namespace PsGpt.Kernels.Gemm;

/// <summary>K, cut into blocks of about the same length: K-blocking.</summary>
/// <param name="k">The whole length, at least 1.</param>
/// <param name="kc">The maximum length of a block.</param>
internal readonly struct KBlocks(int k, int kc)
{
    /// <summary>The maximum length of a block.</summary>
    public int Kc => kc;

    /// <summary>The number of blocks.</summary>
    public int Count { get; } = (k + kc - 1) / kc;

    /// <summary>The first step of a block; the start of the block after the last one is K.</summary>
    public int Start(int block) => (int)((long)k * block / Count);

    /// <summary>The length of a block.</summary>
    public int Length(int block) => Start(block + 1) - Start(block);
}
