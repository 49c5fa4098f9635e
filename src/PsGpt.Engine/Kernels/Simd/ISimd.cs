using System.Runtime.Intrinsics;

namespace PsGpt.Kernels.Simd;

/// <summary>
/// The few vector operations that the kernels are written in, so that one source serves vectors of 128, 256 and 512 bits.
/// The just-in-time compiler makes a separate body for each width, in which these calls are single instructions.
/// </summary>
/// <remarks>No member calls a method that is not inlined: a call in a loop, even one that is never made, spills all vectors.</remarks>
internal unsafe interface ISimd<TVector>
    where TVector : struct
{
    /// <summary>The name that <c>PSGPT_KERNELS</c> and reports use.</summary>
    static abstract string Name { get; }

    /// <summary>Whether this machine has these vectors in hardware.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>Floats in a vector.</summary>
    static abstract int Width { get; }

    /// <summary>mr, the rows of the largest micro-kernel: 2 · mr accumulators, 2 vectors of B and one of A fill the registers.</summary>
    static abstract int Mr { get; }

    static abstract TVector Zero { get; }

    static abstract TVector Broadcast(float value);

    static abstract TVector Load(float* source);

    /// <summary>Reads bfloat16 values, as many as a vector has lanes.</summary>
    static abstract TVector LoadBrainFloat(ushort* source);

    /// <summary>Reads signed bytes, as many as a vector has lanes.</summary>
    static abstract TVector LoadBytes(sbyte* source);

    /// <summary>Widens 32 signed bytes.</summary>
    static abstract void WidenBytes(sbyte* source, short* destination);

    /// <summary>
    /// Lanes whose sum is the dot product of 32 numbers of the size of bytes, −128 to 127, and as many of 16 bits, −32767 to 32767. Each
    /// lane is summed as a whole number of 32 bits, and then becomes a float.
    /// </summary>
    static abstract TVector DotBytes(short* left, short* right);

    /// <inheritdoc cref="DotBytes(short*, short*)"/>
    static abstract TVector DotBytes(sbyte* left, short* right);

    static abstract void Store(float* destination, TVector value);

    /// <summary>Non-temporal store; the address must be a multiple of the vector's size.</summary>
    static abstract void Stream(float* destination, TVector value);

    /// <summary>
    /// Masked load for the end of a row: reads the first <paramref name="count"/> floats, at most a full vector, and nothing behind
    /// them; the other lanes are 0.
    /// </summary>
    static abstract TVector Load(float* source, int count);

    /// <summary>Masked store: writes the first <paramref name="count"/> floats, at most a full vector, and nothing behind them.</summary>
    static abstract void Store(float* destination, TVector value, int count);

    static abstract TVector Add(TVector left, TVector right);

    static abstract TVector Subtract(TVector left, TVector right);

    static abstract TVector Multiply(TVector left, TVector right);

    static abstract TVector Divide(TVector left, TVector right);

    /// <summary>left · right + addend, rounded once.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);

    /// <summary>The larger of each pair; NaN where <paramref name="right"/> is NaN, either where only <paramref name="left"/> is.</summary>
    static abstract TVector Max(TVector left, TVector right);

    /// <summary>
    /// The smaller of each pair; NaN where <paramref name="right"/> is NaN, either where only <paramref name="left"/> is.
    /// </summary>
    static abstract TVector Min(TVector left, TVector right);

    static abstract TVector SquareRoot(TVector value);

    /// <summary>To the nearest whole number, ties to even.</summary>
    static abstract TVector Round(TVector value);

    /// <summary>
    /// value · 2ⁿ for whole n from −252 to 254, also where no float holds 2ⁿ alone; subnormal results may be rounded twice.
    /// </summary>
    static abstract TVector Scale(TVector value, TVector wholeNumber);

    /// <summary><paramref name="whenLess"/> where left is below right, otherwise <paramref name="otherwise"/>.</summary>
    static abstract TVector SelectLess(TVector left, TVector right, TVector whenLess, TVector otherwise);

    /// <summary>The sum of all lanes, halves first: the same order for every width would be another sum.</summary>
    static abstract float Sum(TVector value);

    /// <summary>The sums of the lanes of four vectors, each with the bits of <see cref="Sum"/>, in fewer instructions.</summary>
    static abstract Vector128<float> SumEach(TVector value0, TVector value1, TVector value2, TVector value3);

    /// <summary>The largest lane.</summary>
    static abstract float MaxLane(TVector value);

    /// <summary>
    /// Lane i is <paramref name="scale"/> where <see cref="DropoutMask"/> keeps counter + i · stride, otherwise 0.
    /// </summary>
    static abstract TVector KeepMask(DropoutMask mask, uint counter, uint stride, float scale);

    /// <summary>
    /// Writes a square of <see cref="Width"/> by <see cref="Width"/> floats transposed, in ascending order of address; strides are
    /// in floats.
    /// </summary>
    static abstract void Transpose(float* source, nint sourceStride, float* destination, nint destinationStride);
}
