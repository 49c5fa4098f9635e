using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Rows;

/// <summary>Element by element over whole tensors: AdamW, sums, the squared norm.</summary>
internal static unsafe class Elementwise<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>
    /// Prefetch distance of AdamW's four arrays in floats: some processors are too late with so many streams.
    /// </summary>
    private const int PrefetchDistance = 256;

    public static double SumOfSquares(ThreadTeam team, float* values, nint length)
    {
        var blocks = ElementBlocks.Count(length);
        var partials = (double*)Scratch.Get(ScratchSlot.SumOfSquaresPartials, 2 * (nint)blocks);
        team.For(blocks, 1, new SumOfSquaresTask(partials, values, length));
        var sum = 0.0;
        for (var block = 0; block < blocks; block++)
            sum += partials[block];
        return sum;
    }

    public static void Add(ThreadTeam team, float* target, float* addend, nint length) =>
        team.For(ElementBlocks.Count(length), 1, new AddTask(target, addend, length));

    public static void AdamW(
        ThreadTeam team, float* parameters, float* gradients, float* firstMoment, float* secondMoment, nint length,
        in AdamWCoefficients coefficients) =>
        team.For(ElementBlocks.Count(length), 1, new AdamWTask(parameters, gradients, firstMoment, secondMoment, length, coefficients));

    public static void LinearCombination(
        ThreadTeam team, float* output, float* left, float leftScale, float* right, float rightScale, nint length) =>
        team.For(ElementBlocks.Count(length), 1, new LinearCombinationTask(output, left, leftScale, right, rightScale, length));

    private readonly struct SumOfSquaresTask(double* partials, float* values, nint length) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            for (nint block = start; block < end; block++)
            {
                var count = (int)Math.Min(ElementBlocks.Size, length - (block * ElementBlocks.Size));
                var first = values + (block * ElementBlocks.Size);
                partials[block] = DotProduct<TSimd, TVector>.Of(first, first, count);
            }
        }
    }

    private readonly struct AddTask(float* target, float* addend, nint length) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            var last = Math.Min((nint)end * ElementBlocks.Size, length);
            for (var i = (nint)start * ElementBlocks.Size; i < last; i += TSimd.Width)
            {
                CacheLine.Prefetch(target + i + PrefetchDistance);
                CacheLine.Prefetch(addend + i + PrefetchDistance);
                var count = (int)Math.Min(TSimd.Width, last - i);
                var sum = TSimd.Add(TSimd.Load(target + i, count), TSimd.Load(addend + i, count));
                TSimd.Store(target + i, sum, count);
            }
        }
    }

    private readonly struct AdamWTask(
        float* parameters, float* gradients, float* firstMoment, float* secondMoment, nint length, AdamWCoefficients coefficients)
        : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            var last = Math.Min((nint)end * ElementBlocks.Size, length);
            for (var i = (nint)start * ElementBlocks.Size; i < last; i += TSimd.Width)
                Update(i, (int)Math.Min(TSimd.Width, last - i));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Update(nint i, int count)
        {
            CacheLine.Prefetch(gradients + i + PrefetchDistance);
            CacheLine.Prefetch(firstMoment + i + PrefetchDistance);
            CacheLine.Prefetch(secondMoment + i + PrefetchDistance);
            CacheLine.Prefetch(parameters + i + PrefetchDistance);
            var (rate, beta1, beta2, epsilon, decay, correction1, correction2, scale) = coefficients;
            var gradient = VectorMath<TSimd, TVector>.ZeroBelow(
                TSimd.Multiply(TSimd.Load(gradients + i, count), TSimd.Broadcast(scale)), FlushToZero.Gradient);
            var first = VectorMath<TSimd, TVector>.ZeroBelow(TSimd.Load(firstMoment + i, count), FlushToZero.Moment);
            var second = VectorMath<TSimd, TVector>.ZeroBelow(
                TSimd.Load(secondMoment + i, count), FlushToZero.SecondMoment);
            first = TSimd.MultiplyAdd(TSimd.Broadcast(1 - beta1), gradient, TSimd.Multiply(TSimd.Broadcast(beta1), first));
            second = TSimd.MultiplyAdd(
                TSimd.Multiply(TSimd.Broadcast(1 - beta2), gradient), gradient, TSimd.Multiply(TSimd.Broadcast(beta2), second));
            TSimd.Store(firstMoment + i, first, count);
            TSimd.Store(secondMoment + i, second, count);
            var corrected = TSimd.Multiply(second, TSimd.Broadcast(1 / correction2));
            var denominator = TSimd.Add(TSimd.SquareRoot(corrected), TSimd.Broadcast(epsilon));
            var step = TSimd.Divide(TSimd.Multiply(first, TSimd.Broadcast(rate / correction1)), denominator);
            var decayed = TSimd.Multiply(TSimd.Load(parameters + i, count), TSimd.Broadcast(1 - (rate * decay)));
            TSimd.Store(parameters + i, TSimd.Subtract(decayed, step), count);
        }
    }

    private readonly struct LinearCombinationTask(
        float* output, float* left, float leftScale, float* right, float rightScale, nint length) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            var (scaleLeft, scaleRight) = (TSimd.Broadcast(leftScale), TSimd.Broadcast(rightScale));
            var last = Math.Min((nint)end * ElementBlocks.Size, length);
            for (var i = (nint)start * ElementBlocks.Size; i < last; i += TSimd.Width)
            {
                var count = (int)Math.Min(TSimd.Width, last - i);
                var first = VectorMath<TSimd, TVector>.ZeroBelow(TSimd.Load(left + i, count), FlushToZero.Moment);
                var second = VectorMath<TSimd, TVector>.ZeroBelow(TSimd.Load(right + i, count), FlushToZero.Moment);
                TSimd.Store(output + i, TSimd.MultiplyAdd(second, scaleRight, TSimd.Multiply(first, scaleLeft)), count);
            }
        }
    }
}
