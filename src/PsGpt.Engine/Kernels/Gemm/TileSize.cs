namespace PsGpt.Kernels.Gemm;

/// <summary>The largest tile of any vector width. Every buffer for a tile is made from it.</summary>
internal static class LargestTile
{
    /// <summary>The largest mr: that of 512 and of 128 bits.</summary>
    public const int Mr = 12;

    /// <summary>The largest nr: two vectors of 512 bits.</summary>
    public const int Nr = 32;

    /// <summary>Its floats.</summary>
    public const int Floats = Mr * Nr;
}

/// <content>The size of a tile, and how many of them cover a matrix.</content>
internal static unsafe partial class Gemm<TSimd, TVector>
{
    /// <summary>mr: the rows of a full tile.</summary>
    public static int Mr => TSimd.Mr;

    /// <summary>nr: the columns of a tile, two vectors, and so of a micro-panel of B.</summary>
    public static int Nr => 2 * TSimd.Width;

    /// <summary>The tiles that cover m rows.</summary>
    public static int TilesDown(int m) => (m + Mr - 1) / Mr;

    /// <summary>The tiles that cover n columns.</summary>
    public static int TilesAcross(int n) => (n + Nr - 1) / Nr;

    /// <summary>m, rounded up to whole tiles.</summary>
    public static int PaddedM(int m) => TilesDown(m) * Mr;

    /// <summary>n, rounded up to whole tiles.</summary>
    public static int PaddedN(int n) => TilesAcross(n) * Nr;

    /// <summary>The rows of the smallest micro-kernel that holds the next rows: 4, 6, 8 or 12.</summary>
    public static int TileHeight(int rowsLeft) => Math.Min(Mr, (rowsLeft + 3) / 4 * 4);
}
