using PsGpt.Kernels.Gemm;

namespace PsGpt.Kernels.Attention;

/// <summary>
/// One head of one row of the batch: T positions of HS = <see cref="Size"/> values, <see cref="Stride"/> floats apart.
/// Both directions work on blocks of two vectors of positions, so that nothing of size T x T is ever stored.
/// </summary>
internal readonly unsafe struct AttentionHead(float* query, float* key, float* value, int stride, int length, int size)
{
    public float* Query { get; } = query;

    public float* Key { get; } = key;

    public float* Value { get; } = value;

    public int Stride { get; } = stride;

    public int Length { get; } = length;

    public int Size { get; } = size;

    /// <summary>What scores are multiplied by: 1/√HS.</summary>
    public float Scale => 1 / MathF.Sqrt(Size);

    /// <summary>The head with that number, counted through all rows of the batch, within (B,T,3C).</summary>
    public static AttentionHead Of(float* queryKeyValue, int head, int sequenceLength, int headCount, int channelCount)
    {
        var size = channelCount / headCount;
        var query = queryKeyValue + ((nint)(head / headCount) * sequenceLength * 3 * channelCount) + (head % headCount * size);
        return new(query, query + channelCount, query + (2 * channelCount), 3 * channelCount, sequenceLength, size);
    }

    /// <summary>Rows are positions, depth runs through the head's values.</summary>
    public Operand ByPosition(float* data) => new(data, Stride, 1);

    /// <summary>Rows are the head's values, depth runs through positions.</summary>
    public Operand ByValue(float* data) => new(data, 1, Stride);
}
