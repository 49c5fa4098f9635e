using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PsGpt.Kernels.Simd;

/// <summary>Vectors of 512 bits: AVX-512, which has 32 registers.</summary>
internal readonly unsafe struct Simd512 : ISimd<Vector512<float>>
{
    public static string Name => "avx512";

    public static bool IsSupported => Avx512F.IsSupported && Avx512DQ.IsSupported && Vector512.IsHardwareAccelerated;

    public static int Width => 16;

    public static int Mr => 12;

    public static Vector512<float> Zero => Vector512<float>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Broadcast(float value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadBrainFloat(ushort* source) =>
        (Avx512F.ConvertToVector512Int32(Vector256.Load(source)) << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadBytes(sbyte* source) =>
        Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(source)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WidenBytes(sbyte* source, short* destination) =>
        Vector512.Store(Avx512BW.ConvertToVector512Int16(Vector256.Load(source)), destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> DotBytes(short* left, short* right) =>
        Vector512.ConvertToSingle(Avx512BW.MultiplyAddAdjacent(Vector512.Load(left), Vector512.Load(right)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> DotBytes(sbyte* left, short* right) => Vector512.ConvertToSingle(
        Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.Load(left)), Vector512.Load(right)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* destination, Vector512<float> value) => Vector512.Store(value, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(float* destination, Vector512<float> value) => Vector512.StoreAlignedNonTemporal(value, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* source, int count) =>
        count >= Width ? Load(source) : Avx512F.MaskLoad(source, First(count), Vector512<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* destination, Vector512<float> value, int count)
    {
        if (count >= Width)
            Store(destination, value);
        else
            Avx512F.MaskStore(destination, First(count), value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> left, Vector512<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Subtract(Vector512<float> left, Vector512<float> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Multiply(Vector512<float> left, Vector512<float> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Divide(Vector512<float> left, Vector512<float> right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> left, Vector512<float> right, Vector512<float> addend) =>
        Vector512.FusedMultiplyAdd(left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Max(Vector512<float> left, Vector512<float> right) => Vector512.MaxNative(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Min(Vector512<float> left, Vector512<float> right) => Vector512.MinNative(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SquareRoot(Vector512<float> value) => Vector512.Sqrt(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Round(Vector512<float> value) => Vector512.Round(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Scale(Vector512<float> value, Vector512<float> wholeNumber) => Avx512F.Scale(value, wholeNumber);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SelectLess(
        Vector512<float> left, Vector512<float> right, Vector512<float> whenLess, Vector512<float> otherwise) =>
        Vector512.ConditionalSelect(Vector512.LessThan(left, right), whenLess, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<float> value) => Simd256.Sum(value.GetLower() + value.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SumEach(
        Vector512<float> value0, Vector512<float> value1, Vector512<float> value2, Vector512<float> value3) => Simd256.SumEach(
        value0.GetLower() + value0.GetUpper(), value1.GetLower() + value1.GetUpper(),
        value2.GetLower() + value2.GetUpper(), value3.GetLower() + value3.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxLane(Vector512<float> value) => Simd256.MaxLane(Vector256.Max(value.GetLower(), value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> KeepMask(DropoutMask mask, uint counter, uint stride, float scale)
    {
        var hash = (Vector512<uint>.Indices * Vector512.Create(stride)) + Vector512.Create(counter);
        hash ^= Vector512.Create(mask.Key);
        hash ^= hash >>> 16;
        hash *= Vector512.Create(DropoutMask.FirstMultiplier);
        hash ^= hash >>> 15;
        hash *= Vector512.Create(DropoutMask.SecondMultiplier);
        hash ^= hash >>> 16;
        return Vector512.ConditionalSelect(
            Vector512.GreaterThanOrEqual(
                hash, Vector512.Create(mask.Threshold)).AsSingle(), Vector512.Create(scale), Vector512<float>.Zero);
    }

    // Four columns of sixteen rows at a time: each vector takes rows r, r + 4, r + 8 and r + 12, then two rounds of shuffles.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* source, nint sourceStride, float* destination, nint destinationStride)
    {
        for (var column = 0; column < 16; column += 4)
        {
            var row0 = Rows(source + column, sourceStride, 0);
            var row1 = Rows(source + column, sourceStride, 1);
            var row2 = Rows(source + column, sourceStride, 2);
            var row3 = Rows(source + column, sourceStride, 3);
            var low01 = Avx512F.UnpackLow(row0, row2);
            var high01 = Avx512F.UnpackHigh(row0, row2);
            var low23 = Avx512F.UnpackLow(row1, row3);
            var high23 = Avx512F.UnpackHigh(row1, row3);
            var target = destination + (column * destinationStride);
            Vector512.Store(Avx512F.UnpackLow(low01, low23), target);
            Vector512.Store(Avx512F.UnpackHigh(low01, low23), target + destinationStride);
            Vector512.Store(Avx512F.UnpackLow(high01, high23), target + (2 * destinationStride));
            Vector512.Store(Avx512F.UnpackHigh(high01, high23), target + (3 * destinationStride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Rows(float* source, nint stride, nint row) =>
        Vector512.Create(
            Vector256.Create(Vector128.Load(source + (row * stride)), Vector128.Load(source + ((row + 4) * stride))),
            Vector256.Create(Vector128.Load(source + ((row + 8) * stride)), Vector128.Load(source + ((row + 12) * stride))));

    /// <summary>A mask of the first lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> First(int count) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();
}
