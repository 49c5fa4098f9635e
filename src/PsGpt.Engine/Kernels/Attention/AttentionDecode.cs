using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Attention;

internal static unsafe partial class Attention<TSimd, TVector>
{
    /// <summary>Attention of one new position over the key-value cache.</summary>
    public static void Decode(
        ThreadTeam team, float* output, float* query, float* keys, float* values, int keyCount, int headCount, int channelCount) =>
        team.For(
            headCount, ChunkSize.ForFloats(2 * keyCount * (channelCount / headCount)),
            new DecodeTask(output, query, keys, values, keyCount, headCount, channelCount));

    /// <summary>Items are heads.</summary>
    private readonly struct DecodeTask(
        float* output, float* query, float* keys, float* values, int keyCount, int headCount, int channelCount) : IParallelTask
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
            var P = Scratch.Get(ScratchSlot.AttentionHead, keyCount + TSimd.Width);
            var max = float.NegativeInfinity;
            for (nint key = 0; key < keyCount; key++)
            {
                P[key] = DotProduct<TSimd, TVector>.Of(query + offset, keys + (key * channelCount) + offset, size) / MathF.Sqrt(size);
                max = MathF.Max(max, P[key]);
            }

            // −∞ behind the last key, whose exponential is 0: the sum needs no tail.
            new Span<float>(P + keyCount, TSimd.Width).Fill(float.NegativeInfinity);
            var sum = TSimd.Zero;
            for (var key = 0; key < keyCount; key += TSimd.Width)
            {
                var exponential = VectorMath<TSimd, TVector>.ExpOrZero(TSimd.Subtract(TSimd.Load(P + key), TSimd.Broadcast(max)));
                TSimd.Store(P + key, exponential);
                sum = TSimd.Add(sum, exponential);
            }

            var factor = TSimd.Broadcast(1 / TSimd.Sum(sum));
            for (var c = 0; c < size; c += TSimd.Width)
            {
                var total = TSimd.Zero;
                for (nint key = 0; key < keyCount; key++)
                {
                    var value = Masked<TSimd, TVector>.Load(values + (key * channelCount) + offset + c, size - c);
                    total = TSimd.MultiplyAdd(TSimd.Broadcast(P[key]), value, total);
                }

                Masked<TSimd, TVector>.Store(output + offset + c, TSimd.Multiply(total, factor), size - c);
            }
        }
    }
}
