namespace PsGpt.Kernels.Gemm;

/// <summary>The rows of a micro-kernel, as a type: the compiler then drops the rows that a lower one lacks.</summary>
internal interface ITileHeight
{
    static abstract int Rows { get; }
}

internal readonly struct FourRows : ITileHeight
{
    public static int Rows => 4;
}

internal readonly struct SixRows : ITileHeight
{
    public static int Rows => 6;
}

internal readonly struct EightRows : ITileHeight
{
    public static int Rows => 8;
}

internal readonly struct TwelveRows : ITileHeight
{
    public static int Rows => LargestTile.Mr;
}
