using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PsGpt.Kernels.Simd;

/// <summary>Vectors of 256 bits: AVX2 with fused multiply-add, which has 16 registers.</summary>
internal readonly unsafe struct Simd256 : ISimd<Vector256<float>>
{
    public static string Name => "avx2";

    public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;

    public static int Width => 8;

    public static int Mr => 6;

    public static Vector256<float> Zero => Vector256<float>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Broadcast(float value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadBrainFloat(ushort* source) => (Avx2.ConvertToVector256Int32(source) << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadBytes(sbyte* source) =>
        Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WidenBytes(sbyte* source, short* destination)
    {
        Vector256.Store(Avx2.ConvertToVector256Int16(source), destination);
        Vector256.Store(Avx2.ConvertToVector256Int16(source + 16), destination + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> DotBytes(short* left, short* right) => Vector256.ConvertToSingle(
        Avx2.MultiplyAddAdjacent(Vector256.Load(left), Vector256.Load(right))
        + Avx2.MultiplyAddAdjacent(Vector256.Load(left + 16), Vector256.Load(right + 16)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> DotBytes(sbyte* left, short* right) => Vector256.ConvertToSingle(
        Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(left), Vector256.Load(right))
        + Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(left + 16), Vector256.Load(right + 16)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* destination, Vector256<float> value) => Vector256.Store(value, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(float* destination, Vector256<float> value) => Vector256.StoreAlignedNonTemporal(value, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* source, int count) =>
        count >= Width ? Load(source) : Avx.MaskLoad(source, First(count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* destination, Vector256<float> value, int count)
    {
        if (count >= Width)
            Store(destination, value);
        else
            Avx.MaskStore(destination, First(count), value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> left, Vector256<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Subtract(Vector256<float> left, Vector256<float> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Multiply(Vector256<float> left, Vector256<float> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Divide(Vector256<float> left, Vector256<float> right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> left, Vector256<float> right, Vector256<float> addend) =>
        Vector256.FusedMultiplyAdd(left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Max(Vector256<float> left, Vector256<float> right) => Vector256.MaxNative(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Min(Vector256<float> left, Vector256<float> right) => Vector256.MinNative(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SquareRoot(Vector256<float> value) => Vector256.Sqrt(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Round(Vector256<float> value) => Vector256.Round(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scale(Vector256<float> value, Vector256<float> wholeNumber)
    {
        var half = Round(wholeNumber * Vector256.Create(0.5f));
        return value * PowerOfTwo(half) * PowerOfTwo(wholeNumber - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SelectLess(
        Vector256<float> left, Vector256<float> right, Vector256<float> whenLess, Vector256<float> otherwise) =>
        Vector256.ConditionalSelect(Vector256.LessThan(left, right), whenLess, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector256<float> value) => Simd128.Sum(value.GetLower() + value.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SumEach(
        Vector256<float> value0, Vector256<float> value1, Vector256<float> value2, Vector256<float> value3) => Simd128.SumEach(
        value0.GetLower() + value0.GetUpper(), value1.GetLower() + value1.GetUpper(),
        value2.GetLower() + value2.GetUpper(), value3.GetLower() + value3.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxLane(Vector256<float> value) => Simd128.MaxLane(Vector128.Max(value.GetLower(), value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> KeepMask(DropoutMask mask, uint counter, uint stride, float scale)
    {
        var hash = (Vector256<uint>.Indices * Vector256.Create(stride)) + Vector256.Create(counter);
        hash ^= Vector256.Create(mask.Key);
        hash ^= hash >>> 16;
        hash *= Vector256.Create(DropoutMask.FirstMultiplier);
        hash ^= hash >>> 15;
        hash *= Vector256.Create(DropoutMask.SecondMultiplier);
        hash ^= hash >>> 16;
        return Vector256.ConditionalSelect(
            Vector256.GreaterThanOrEqual(
                hash, Vector256.Create(mask.Threshold)).AsSingle(), Vector256.Create(scale), Vector256<float>.Zero);
    }

    // Pairs, then quadruples, then halves: three rounds of eight shuffles.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* source, nint sourceStride, float* destination, nint destinationStride)
    {
        for (var half = 0; half < 8; half += 4)
        {
            // Columns half … half + 3 of all eight rows: row r in the lower, row r + 4 in the upper half of a vector.
            var row0 = Rows(source + half, sourceStride, 0);
            var row1 = Rows(source + half, sourceStride, 1);
            var row2 = Rows(source + half, sourceStride, 2);
            var row3 = Rows(source + half, sourceStride, 3);
            var low01 = Avx.UnpackLow(row0, row2);
            var high01 = Avx.UnpackHigh(row0, row2);
            var low23 = Avx.UnpackLow(row1, row3);
            var high23 = Avx.UnpackHigh(row1, row3);
            var target = destination + (half * destinationStride);
            Vector256.Store(Avx.UnpackLow(low01, low23), target);
            Vector256.Store(Avx.UnpackHigh(low01, low23), target + destinationStride);
            Vector256.Store(Avx.UnpackLow(high01, high23), target + (2 * destinationStride));
            Vector256.Store(Avx.UnpackHigh(high01, high23), target + (3 * destinationStride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Rows(float* source, nint stride, nint row) =>
        Vector256.Create(Vector128.Load(source + (row * stride)), Vector128.Load(source + ((row + 4) * stride)));

    /// <summary>2ⁿ for whole n from −126 to 127: n is added to the exponent of 1.0, whose bits are 127 &lt;&lt; 23.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> PowerOfTwo(Vector256<float> wholeNumber) =>
        (Vector256.ShiftLeft(Vector256.ConvertToInt32Native(wholeNumber) + Vector256.Create(127), 23)).AsSingle();

    /// <summary>A mask of the first lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> First(int count) => Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle();
}
