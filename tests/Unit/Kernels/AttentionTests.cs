using PsGpt.Kernels;
using PsGpt.Kernels.Reference;
using PsGpt.Tensors;

namespace PsGpt.Unit.Kernels;

/// <summary>Attention against the reference: sums of at most T or HS terms in float32, 3e-6 of the largest value.</summary>
public sealed unsafe class AttentionTests
{
    private const double Tolerance = 3e-6;
    private static readonly ReferenceKernels Reference = new();

    /// <summary>Batch, length, heads and head size around the edges of blocks (8, 16, 32 positions) and tiles (4, 6, 8, 12 rows).</summary>
    public static TheoryData<string, int, int, int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<string, int, int, int, int>();
            foreach (var name in KernelNames.All.Where(name => name != "scalar"))
            {
                (int B, int T, int Heads, int Size)[] sizes =
                [
                    (1, 1, 1, 1), (1, 2, 1, 3), (2, 5, 2, 7), (1, 12, 3, 16), (2, 13, 1, 12), (1, 31, 2, 20), (1, 32, 1, 32),
                    (1, 33, 2, 64), (2, 64, 2, 33), (1, 67, 1, 48), (1, 97, 1, 65),
                ];
                foreach (var (b, t, heads, size) in sizes)
                    shapes.Add(name, b, t, heads, size);
            }

            return shapes;
        }
    }

    public static TheoryData<string> Names => [.. KernelNames.All.Where(name => name != "scalar")];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Forward_and_backward(string name, int batchSize, int length, int heads, int headSize)
    {
        var C = heads * headSize;
        using Buffer qkv = new(batchSize * length * 3 * C, 1), dy = new(batchSize * length * C, 2);
        foreach (var rate in new[] { 0f, 0.3f })
        {
            var mask = DropoutMask.Create(7, 3, rate);
            using Buffer expected = new(batchSize * length * C), expectedSums = new(batchSize * heads * length);
            using Buffer actual = new(batchSize * length * C), sums = new(batchSize * heads * length);
            Reference.AttentionForward(expected.Pointer, expectedSums.Pointer, qkv.Pointer, new(batchSize, length, heads, C), mask);
            KernelNames.Get(name).AttentionForward(actual.Pointer, sums.Pointer, qkv.Pointer, new(batchSize, length, heads, C), mask);
            actual.AssertClose(expected, Tolerance, "output");
            sums.AssertClose(expectedSums, Tolerance, "log sum exp");

            using Buffer expectedGradient = new(qkv.Length), gradient = new(qkv.Length, 5);
            Reference.AttentionBackward(
                expectedGradient.Pointer, dy.Pointer, expected.Pointer, expectedSums.Pointer, qkv.Pointer,
                new(batchSize, length, heads, C), mask);
            KernelNames.Get(name).AttentionBackward(
                gradient.Pointer, dy.Pointer, actual.Pointer, sums.Pointer, qkv.Pointer, new(batchSize, length, heads, C), mask);
            gradient.AssertClose(expectedGradient, Tolerance, "gradient");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_length_and_head_size_from_1_to_67(string name)
    {
        for (var size = 1; size <= 67; size++)
        {
            Forward_and_backward(name, 1, length: size, heads: 2, headSize: 13);
            Forward_and_backward(name, 1, length: 37, heads: 1, headSize: size);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Decoding_a_position_is_the_last_row_of_the_whole(string name, int batchSize, int length, int heads, int headSize)
    {
        _ = batchSize;
        var C = heads * headSize;
        using Buffer qkv = new(length * 3 * C, 1), keys = new(length * C), values = new(length * C);
        using Buffer whole = new(length * C), sums = new(heads * length), last = new(C), actual = new(C);
        for (var t = 0; t < length; t++)
        {
            for (var head = 0; head < heads; head++)
            {
                var (source, target) = ((t * 3 * C) + (head * headSize), ((head * length) + t) * headSize);
                qkv.Span.Slice(source + C, headSize).CopyTo(keys.Span[target..]);
                qkv.Span.Slice(source + (2 * C), headSize).CopyTo(values.Span[target..]);
            }
        }

        Reference.AttentionForward(whole.Pointer, sums.Pointer, qkv.Pointer, new(1, length, heads, C), DropoutMask.None);
        whole.Span[((length - 1) * C)..].CopyTo(last.Span);
        foreach (var kernels in new[] { KernelNames.Get(name), Reference })
        {
            kernels.AttentionDecode(
                actual.Pointer, qkv.Pointer + ((length - 1) * 3 * C), queryStride: 3 * C,
                [new(keys.Pointer, values.Pointer, length, length)],
                WeightDataType.Float32, heads, C);
            actual.AssertClose(last, Tolerance, kernels.Name);
        }
    }

    [Theory]
    [ClassData(typeof(KernelNames))]
    public void Huge_scores_do_not_overflow(string name)
    {
        const int T = 40, C = 16;
        using Buffer qkv = new(T * 3 * C, 1, 200), output = new(T * C), sums = new(T);
        KernelNames.Get(name).AttentionForward(output.Pointer, sums.Pointer, qkv.Pointer, new(1, T, 1, C), DropoutMask.None);
        foreach (var value in output.Span)
            Assert.True(float.IsFinite(value));
    }
}
