namespace PsGpt.Kernels.Simd;

/// <summary>A row of numbers that are read as vectors of float32, however they are stored.</summary>
internal interface IRow<TVector>
    where TVector : struct
{
    /// <summary>The vector that begins at a number.</summary>
    TVector Load(int index);

    /// <summary>The first <paramref name="count"/> numbers of it, at most all; nothing behind them counts.</summary>
    TVector Load(int index, int count);
}
