namespace PsGpt.Kernels.Gemm;

/// <summary>A depth, cut into blocks of about the same length.</summary>
/// <param name="depth">The whole length, at least 1.</param>
/// <param name="longest">The most that a block may have.</param>
internal readonly struct KBlocks(int depth, int longest)
{
    /// <summary>At least the length of every block.</summary>
    public int Longest => longest;

    /// <summary>The number of blocks.</summary>
    public int Count { get; } = (depth + longest - 1) / longest;

    /// <summary>Where a block begins; that of the block after the last one is the end.</summary>
    public int Start(int block) => (int)((long)depth * block / Count);

    /// <summary>How long a block is.</summary>
    public int Length(int block) => Start(block + 1) - Start(block);
}
