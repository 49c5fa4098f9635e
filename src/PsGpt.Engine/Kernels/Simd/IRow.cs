namespace PsGpt.Kernels.Simd;

/// <summary>A row of numbers that are read as vectors of float32, however they are stored.</summary>
internal interface IRow<TVector>
    where TVector : struct
{
    /// <summary>The vector that begins at a number.</summary>
    TVector Load(nint index);

    /// <summary>The first <paramref name="count"/> numbers of it, at most all; nothing behind them counts.</summary>
    TVector Load(nint index, int count);

    /// <summary>Prefetches a number, which may lie behind the row, into the second-level cache.</summary>
    void Prefetch(nint index);
}
