using System.Runtime.CompilerServices;

namespace PsGpt.Kernels;

internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    /// <summary>Floats of a block of element-wise work: fixed, so that partial sums are cut alike whatever the number of threads.</summary>
    private const int ElementBlock = 1 << 15;

    /// <summary>
    /// How many floats before their use the four arrays of AdamW are asked for: some processors follow so many streams too late by themselves.
    /// </summary>
    private const int FetchDistance = 256;

    public double SumOfSquares(float* values, nint length)
    {
        var blocks = (int)((length + ElementBlock - 1) / ElementBlock);
        var partials = (double*)Scratch.Get(ScratchSlot.Partials, 2 * (nint)blocks);
        team.For(blocks, 1, new SumOfSquaresTask(partials, values, length));
        var sum = 0.0;
        for (var block = 0; block < blocks; block++)
            sum += partials[block];
        return sum;
    }

    public void Add(float* target, float* addend, nint length) =>
        team.For((int)((length + ElementBlock - 1) / ElementBlock), 1, new AddTask(target, addend, length));

    public void AdamW(float* parameters, float* gradients, float* firstMoment, float* secondMoment, nint length, in AdamWCoefficients coefficients) =>
        team.For((int)((length + ElementBlock - 1) / ElementBlock), 1, new AdamWTask(parameters, gradients, firstMoment, secondMoment, length, coefficients));

    public void WeightedSum(float* output, float* left, float leftScale, float* right, float rightScale, nint length) =>
        team.For((int)((length + ElementBlock - 1) / ElementBlock), 1, new WeightedSumTask(output, left, leftScale, right, rightScale, length));

    private readonly struct SumOfSquaresTask(double* partials, float* values, nint length) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            for (nint block = start; block < end; block++)
            {
                var count = (int)Math.Min(ElementBlock, length - (block * ElementBlock));
                var first = values + (block * ElementBlock);
                partials[block] = Dot(first, first, count);
            }
        }
    }

    private readonly struct AddTask(float* target, float* addend, nint length) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            var last = Math.Min((nint)end * ElementBlock, length);
            for (var i = (nint)start * ElementBlock; i < last; i += TSimd.Width)
            {
                CacheLine.Fetch(target + i + FetchDistance);
                CacheLine.Fetch(addend + i + FetchDistance);
                var count = (int)Math.Min(TSimd.Width, last - i);
                Lanes<TSimd, TVector>.Store(target + i, TSimd.Add(Lanes<TSimd, TVector>.Load(target + i, count), Lanes<TSimd, TVector>.Load(addend + i, count)), count);
            }
        }
    }

    private readonly struct AdamWTask(float* parameters, float* gradients, float* firstMoment, float* secondMoment, nint length, AdamWCoefficients coefficients) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            var last = Math.Min((nint)end * ElementBlock, length);
            for (var i = (nint)start * ElementBlock; i < last; i += TSimd.Width)
                Update(i, (int)Math.Min(TSimd.Width, last - i));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Update(nint i, int count)
        {
            CacheLine.Fetch(gradients + i + FetchDistance);
            CacheLine.Fetch(firstMoment + i + FetchDistance);
            CacheLine.Fetch(secondMoment + i + FetchDistance);
            CacheLine.Fetch(parameters + i + FetchDistance);
            var (rate, beta1, beta2, epsilon, decay, correction1, correction2, scale) = coefficients;
            var gradient = VectorMath<TSimd, TVector>.ZeroBelow(TSimd.Multiply(Lanes<TSimd, TVector>.Load(gradients + i, count), TSimd.Broadcast(scale)), Negligible.Gradient);
            var first = VectorMath<TSimd, TVector>.ZeroBelow(Lanes<TSimd, TVector>.Load(firstMoment + i, count), Negligible.Moment);
            var second = VectorMath<TSimd, TVector>.ZeroBelow(Lanes<TSimd, TVector>.Load(secondMoment + i, count), Negligible.SecondMoment);
            first = TSimd.MultiplyAdd(TSimd.Broadcast(1 - beta1), gradient, TSimd.Multiply(TSimd.Broadcast(beta1), first));
            second = TSimd.MultiplyAdd(TSimd.Multiply(TSimd.Broadcast(1 - beta2), gradient), gradient, TSimd.Multiply(TSimd.Broadcast(beta2), second));
            Lanes<TSimd, TVector>.Store(firstMoment + i, first, count);
            Lanes<TSimd, TVector>.Store(secondMoment + i, second, count);
            var deviation = TSimd.Add(TSimd.SquareRoot(TSimd.Multiply(second, TSimd.Broadcast(1 / correction2))), TSimd.Broadcast(epsilon));
            var step = TSimd.Divide(TSimd.Multiply(first, TSimd.Broadcast(rate / correction1)), deviation);
            var decayed = TSimd.Multiply(Lanes<TSimd, TVector>.Load(parameters + i, count), TSimd.Broadcast(1 - (rate * decay)));
            Lanes<TSimd, TVector>.Store(parameters + i, TSimd.Subtract(decayed, step), count);
        }
    }

    private readonly struct WeightedSumTask(float* output, float* left, float leftScale, float* right, float rightScale, nint length) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            var (scaleLeft, scaleRight) = (TSimd.Broadcast(leftScale), TSimd.Broadcast(rightScale));
            var last = Math.Min((nint)end * ElementBlock, length);
            for (var i = (nint)start * ElementBlock; i < last; i += TSimd.Width)
            {
                var count = (int)Math.Min(TSimd.Width, last - i);
                var first = VectorMath<TSimd, TVector>.ZeroBelow(Lanes<TSimd, TVector>.Load(left + i, count), Negligible.Moment);
                var second = VectorMath<TSimd, TVector>.ZeroBelow(Lanes<TSimd, TVector>.Load(right + i, count), Negligible.Moment);
                Lanes<TSimd, TVector>.Store(output + i, TSimd.MultiplyAdd(second, scaleRight, TSimd.Multiply(first, scaleLeft)), count);
            }
        }
    }
}
