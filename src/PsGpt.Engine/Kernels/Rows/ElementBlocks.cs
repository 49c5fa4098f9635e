namespace PsGpt.Kernels.Rows;

/// <summary>Blocks of element-wise work. Their size is fixed, so that partial sums are cut alike with any number of threads.</summary>
internal static class ElementBlocks
{
    /// <summary>Floats in a block.</summary>
    public const int Size = 1 << 15;

    /// <summary>The blocks that a tensor takes.</summary>
    public static int Count(nint length) => (int)((length + Size - 1) / Size);
}
