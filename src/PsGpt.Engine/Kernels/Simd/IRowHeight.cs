namespace PsGpt.Kernels;

/// <summary>The number of rows of a register tile, as a type: the compiler then drops the rows that a lower tile lacks.</summary>
internal interface IRowHeight
{
    static abstract int Rows { get; }
}

internal readonly struct FourRows : IRowHeight
{
    public static int Rows => 4;
}

internal readonly struct SixRows : IRowHeight
{
    public static int Rows => 6;
}

internal readonly struct EightRows : IRowHeight
{
    public static int Rows => 8;
}

internal readonly struct TwelveRows : IRowHeight
{
    public static int Rows => 12;
}
