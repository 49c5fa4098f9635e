namespace PsGpt.Tensors;

/// <summary>
/// How a row of a matrix lies in memory where its weights are narrower than float32. The row is padded with zeros to whole blocks of 32
/// values. <see cref="WeightDataType.BFloat16"/>: the values, 2 bytes each. <see cref="WeightDataType.Q8_0"/>: the scale of each block
/// as float32, and behind them the values, 1 byte each: so a row is read from its beginning to its end.
/// </summary>
internal static unsafe class NarrowRow
{
    /// <summary>The values that share a scale.</summary>
    public const int BlockLength = 32;

    /// <summary>The values of a row with its padding.</summary>
    public static int PaddedLength(int columns) => BlockCount(columns) * BlockLength;

    /// <summary>The blocks of a row; the last one may be padded.</summary>
    public static int BlockCount(int columns) => (columns + BlockLength - 1) / BlockLength;

    /// <summary>The memory of a row, in floats.</summary>
    public static int FloatCount(WeightDataType type, int columns) => type switch
    {
        WeightDataType.Float32 => columns,
        WeightDataType.BFloat16 => PaddedLength(columns) * sizeof(ushort) / sizeof(float),
        WeightDataType.Q8_0 => (PaddedLength(columns) / sizeof(float)) + BlockCount(columns),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Weights are kept as Float32, BFloat16 or Q8_0."),
    };

    /// <summary>The beginning of a row of a matrix.</summary>
    public static float* At(WeightDataType type, float* matrix, nint row, int columns) => matrix + (row * FloatCount(type, columns));

    /// <summary>The scales of a row in <see cref="WeightDataType.Q8_0"/>.</summary>
    public static float* Scales(float* row) => row;

    /// <summary>The values of a row in <see cref="WeightDataType.Q8_0"/>.</summary>
    public static sbyte* Bytes(float* row, int columns) => (sbyte*)(row + BlockCount(columns));
}
