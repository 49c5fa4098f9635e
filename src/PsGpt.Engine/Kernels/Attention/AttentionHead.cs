using PsGpt.Kernels.Gemm;

namespace PsGpt.Kernels.Attention;

/// <summary>One head of one row of the batch, within (B,T,3C): Q, K and V of T positions of HS values, 3C floats apart.</summary>
internal readonly unsafe struct AttentionHead(float* query, float* key, float* value, int stride, int length, int size)
{
    public float* Query { get; } = query;

    public float* Key { get; } = key;

    public float* Value { get; } = value;

    /// <summary>Floats from a position to the next, 3C.</summary>
    public int Stride { get; } = stride;

    /// <summary>The positions, T.</summary>
    public int Length { get; } = length;

    /// <summary>The values of a position, HS.</summary>
    public int Size { get; } = size;

    /// <summary>The factor of the scores: 1/√HS.</summary>
    public float Scale => 1 / MathF.Sqrt(Size);

    /// <param name="index">The head, counted through all rows of the batch.</param>
    public static AttentionHead Of(float* queryKeyValue, int index, AttentionShape shape)
    {
        var (C, HS) = (shape.C, shape.HS);
        var query = queryKeyValue + ((nint)(index / shape.NH) * shape.T * 3 * C) + (index % shape.NH * HS);
        return new(query, query + C, query + (2 * C), 3 * C, shape.T, HS);
    }

    /// <summary>Q, K or V with positions as rows.</summary>
    public Operand ByPosition(float* data) => Operand.RowMajor(data, Stride);

    /// <summary>Q, K or V with the head's values as rows.</summary>
    public Operand ByValue(float* data) => Operand.ColumnMajor(data, Stride);
}
