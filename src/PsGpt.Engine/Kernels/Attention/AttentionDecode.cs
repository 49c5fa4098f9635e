using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Attention;

/// <summary>Attention of one new position over the key-value cache.</summary>
internal static unsafe class AttentionDecode<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public static void Run(ThreadTeam team, float* output, float* query, float* keys, float* values, int keyCount, int headCount, int channelCount) =>
        team.For(headCount, ChunkSize.ForFloats(2 * keyCount * (channelCount / headCount)), new AttentionDecodeTask(output, query, keys, values, keyCount, headCount, channelCount));

    private readonly struct AttentionDecodeTask(float* output, float* query, float* keys, float* values, int keyCount, int headCount, int channelCount) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            for (var head = start; head < end; head++)
                Attend(head * (channelCount / headCount), channelCount / headCount);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Attend(int offset, int size)
        {
            var weights = Scratch.Get(ScratchSlot.AttentionHead, keyCount + TSimd.Width);
            var largest = float.NegativeInfinity;
            for (nint key = 0; key < keyCount; key++)
            {
                weights[key] = DotProduct<TSimd, TVector>.Of(query + offset, keys + (key * channelCount) + offset, size) / MathF.Sqrt(size);
                largest = MathF.Max(largest, weights[key]);
            }

            // Behind the last key stands −∞, whose exponential is 0: the sum needs no tail.
            new Span<float>(weights + keyCount, TSimd.Width).Fill(float.NegativeInfinity);
            var sum = TSimd.Zero;
            for (var key = 0; key < keyCount; key += TSimd.Width)
            {
                var exponential = VectorMath<TSimd, TVector>.ExpOrZero(TSimd.Subtract(TSimd.Load(weights + key), TSimd.Broadcast(largest)));
                TSimd.Store(weights + key, exponential);
                sum = TSimd.Add(sum, exponential);
            }

            var factor = TSimd.Broadcast(1 / TSimd.Sum(sum));
            for (var c = 0; c < size; c += TSimd.Width)
            {
                var total = TSimd.Zero;
                for (nint key = 0; key < keyCount; key++)
                    total = TSimd.MultiplyAdd(TSimd.Broadcast(weights[key]), Masked<TSimd, TVector>.Load(values + (key * channelCount) + offset + c, size - c), total);
                Masked<TSimd, TVector>.Store(output + offset + c, TSimd.Multiply(total, factor), size - c);
            }
        }
    }
}
