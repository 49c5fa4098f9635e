namespace PsGpt.Kernels;

/// <summary>The sizes of attention: B rows of a batch, T positions, NH heads, C channels.</summary>
internal readonly record struct AttentionShape(int B, int T, int NH, int C)
{
    /// <summary>The channels of a head.</summary>
    public int HS => C / NH;

    /// <summary>The heads of all rows of the batch.</summary>
    public int HeadCount => B * NH;

    /// <summary>The offset of a head within (B,T,C).</summary>
    /// <param name="head">Counted through all rows of the batch.</param>
    public nint OffsetOf(int head) => ((nint)(head / NH) * T * C) + (head % NH * HS);
}
