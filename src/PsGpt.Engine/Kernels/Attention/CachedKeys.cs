using PsGpt.Tensors;

namespace PsGpt.Kernels.Attention;

/// <summary>
/// The keys and values that a query sees: rows of a head one behind the other, head after head, as <see cref="NarrowRow"/> lays them out.
/// </summary>
/// <param name="keys">Of the first head.</param>
/// <param name="values">Of the first head.</param>
/// <param name="count">The number of rows that the query sees.</param>
/// <param name="capacity">The rows that a head has room for.</param>
internal readonly unsafe struct CachedKeys(float* keys, float* values, int count, int capacity)
{
    public int Count => count;

    /// <param name="floatCount">The floats of a row.</param>
    public float* Keys(int head, int floatCount) => keys + ((nint)head * capacity * floatCount);

    /// <param name="floatCount">The floats of a row.</param>
    public float* Values(int head, int floatCount) => values + ((nint)head * capacity * floatCount);
}
