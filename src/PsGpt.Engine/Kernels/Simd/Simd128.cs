using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace PsGpt.Kernels.Simd;

/// <summary>Vectors of 128 bits: Arm AdvSimd, and x86 without AVX2.</summary>
internal readonly unsafe struct Simd128 : ISimd<Vector128<float>>
{
    public static string Name => "vector128";

    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    public static int Width => 4;

    public static int Mr => 12;

    public static Vector128<float> Zero => Vector128<float>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Broadcast(float value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(float* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadBrainFloat(ushort* source) =>
        (Vector128.WidenLower(Vector64.Load(source).ToVector128Unsafe()) << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadBytes(sbyte* source) => Vector128.ConvertToSingle(
        Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(int*)source).AsSByte())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WidenBytes(sbyte* source, short* destination)
    {
        for (var i = 0; i < 32; i += 16)
        {
            var (lower, upper) = Vector128.Widen(Vector128.Load(source + i));
            Vector128.Store(lower, destination + i);
            Vector128.Store(upper, destination + i + 8);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> DotBytes(short* left, short* right)
    {
        var sum = MultiplyAdjacent(Vector128.Load(left), Vector128.Load(right));
        for (var i = 8; i < 32; i += 8)
            sum += MultiplyAdjacent(Vector128.Load(left + i), Vector128.Load(right + i));
        return Vector128.ConvertToSingle(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> DotBytes(sbyte* left, short* right)
    {
        var sum = Vector128<int>.Zero;
        for (var i = 0; i < 32; i += 16)
        {
            var (first, second) = Vector128.Widen(Vector128.Load(left + i));
            sum += MultiplyAdjacent(first, Vector128.Load(right + i)) + MultiplyAdjacent(second, Vector128.Load(right + i + 8));
        }

        return Vector128.ConvertToSingle(sum);
    }

    /// <summary>Sums of two products each; which two does not matter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> MultiplyAdjacent(Vector128<short> left, Vector128<short> right)
    {
        if (Sse2.IsSupported)
            return Sse2.MultiplyAddAdjacent(left, right);
        var ((lower, upper), (otherLower, otherUpper)) = (Vector128.Widen(left), Vector128.Widen(right));
        return (lower * otherLower) + (upper * otherUpper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* destination, Vector128<float> value) => Vector128.Store(value, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(float* destination, Vector128<float> value) => Vector128.StoreAlignedNonTemporal(value, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(float* source, int count)
    {
        if (count >= Width)
            return Load(source);
        var result = Vector128<float>.Zero;
        if (count > 0)
            result = result.WithElement(0, source[0]);
        if (count > 1)
            result = result.WithElement(1, source[1]);
        return count > 2 ? result.WithElement(2, source[2]) : result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* destination, Vector128<float> value, int count)
    {
        if (count >= Width)
        {
            Store(destination, value);
            return;
        }

        if (count > 0)
            destination[0] = value.GetElement(0);
        if (count > 1)
            destination[1] = value.GetElement(1);
        if (count > 2)
            destination[2] = value.GetElement(2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> left, Vector128<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Subtract(Vector128<float> left, Vector128<float> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Multiply(Vector128<float> left, Vector128<float> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Divide(Vector128<float> left, Vector128<float> right) => left / right;

    // Fused if the hardware can. Vector128.FusedMultiplyAdd would otherwise do it in software, which takes a hundred times as long.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> left, Vector128<float> right, Vector128<float> addend) =>
        Vector128.MultiplyAddEstimate(left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Max(Vector128<float> left, Vector128<float> right) => Vector128.MaxNative(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Min(Vector128<float> left, Vector128<float> right) => Vector128.MinNative(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SquareRoot(Vector128<float> value) => Vector128.Sqrt(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Round(Vector128<float> value) => Vector128.Round(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Scale(Vector128<float> value, Vector128<float> wholeNumber)
    {
        var half = Round(wholeNumber * Vector128.Create(0.5f));
        return value * PowerOfTwo(half) * PowerOfTwo(wholeNumber - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SelectLess(
        Vector128<float> left, Vector128<float> right, Vector128<float> whenLess, Vector128<float> otherwise) =>
        Vector128.ConditionalSelect(Vector128.LessThan(left, right), whenLess, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector128<float> value) => (value[0] + value[2]) + (value[1] + value[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SumEach(
        Vector128<float> value0, Vector128<float> value1, Vector128<float> value2, Vector128<float> value3)
    {
        if (!Sse.IsSupported)
            return Vector128.Create(Sum(value0), Sum(value1), Sum(value2), Sum(value3));
        var sums01 = Sse.MoveLowToHigh(value0, value1) + Sse.MoveHighToLow(value1, value0);
        var sums23 = Sse.MoveLowToHigh(value2, value3) + Sse.MoveHighToLow(value3, value2);
        return Sse.Shuffle(sums01, sums23, 0b10_00_10_00) + Sse.Shuffle(sums01, sums23, 0b11_01_11_01);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxLane(Vector128<float> value) => MathF.Max(MathF.Max(value[0], value[2]), MathF.Max(value[1], value[3]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> KeepMask(DropoutMask mask, uint counter, uint stride, float scale)
    {
        var hash = (Vector128<uint>.Indices * Vector128.Create(stride)) + Vector128.Create(counter);
        hash ^= Vector128.Create(mask.Key);
        hash ^= hash >>> 16;
        hash *= Vector128.Create(DropoutMask.FirstMultiplier);
        hash ^= hash >>> 15;
        hash *= Vector128.Create(DropoutMask.SecondMultiplier);
        hash ^= hash >>> 16;
        return Vector128.ConditionalSelect(
            Vector128.GreaterThanOrEqual(
                hash, Vector128.Create(mask.Threshold)).AsSingle(), Vector128.Create(scale), Vector128<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* source, nint sourceStride, float* destination, nint destinationStride)
    {
        var row0 = Vector128.Load(source);
        var row1 = Vector128.Load(source + sourceStride);
        var row2 = Vector128.Load(source + (2 * sourceStride));
        var row3 = Vector128.Load(source + (3 * sourceStride));
        if (AdvSimd.Arm64.IsSupported)
        {
            var even01 = AdvSimd.Arm64.ZipLow(row0, row2);
            var odd01 = AdvSimd.Arm64.ZipHigh(row0, row2);
            var even23 = AdvSimd.Arm64.ZipLow(row1, row3);
            var odd23 = AdvSimd.Arm64.ZipHigh(row1, row3);
            Vector128.Store(AdvSimd.Arm64.ZipLow(even01, even23), destination);
            Vector128.Store(AdvSimd.Arm64.ZipHigh(even01, even23), destination + destinationStride);
            Vector128.Store(AdvSimd.Arm64.ZipLow(odd01, odd23), destination + (2 * destinationStride));
            Vector128.Store(AdvSimd.Arm64.ZipHigh(odd01, odd23), destination + (3 * destinationStride));
            return;
        }

        for (var column = 0; column < 4; column++)
            Vector128.Store(
                Vector128.Create(row0[column], row1[column], row2[column], row3[column]), destination + (column * destinationStride));
    }

    /// <summary>2ⁿ for whole n from −126 to 127: n is added to the exponent of 1.0, whose bits are 127 &lt;&lt; 23.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> PowerOfTwo(Vector128<float> wholeNumber) =>
        (Vector128.ShiftLeft(Vector128.ConvertToInt32Native(wholeNumber) + Vector128.Create(127), 23)).AsSingle();
}
