namespace PsGpt.Kernels.Threading;

/// <summary>The minimum number of items in a chunk of a parallel loop: less work is not worth handing to another thread.</summary>
internal static class ChunkSize
{
    private const int Floats = 1 << 14;

    /// <summary>About 10 µs of work.</summary>
    private const int MultiplyAdds = 1 << 20;

    /// <summary>For loops that memory limits, by the floats that each item touches.</summary>
    public static int ForFloats(int perItem) => Math.Max(1, Floats / Math.Max(1, perItem));

    /// <summary>For loops that arithmetic limits, by the multiply-adds of each item.</summary>
    public static int ForMultiplyAdds(long perItem) => (int)Math.Clamp(MultiplyAdds / perItem, 1, 16);
}
