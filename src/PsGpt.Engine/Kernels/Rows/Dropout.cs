using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Rows;

/// <summary>Dropout by a mask that is never stored.</summary>
internal static unsafe class Dropout<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public static void Forward(ThreadTeam team, float* output, float* input, float* residual, nint length, DropoutMask mask) =>
        team.For(ElementBlocks.Count(length), 1, new DropoutTask(output, input, residual, length, mask));

    private readonly struct DropoutTask(float* output, float* input, float* residual, nint length, DropoutMask mask) : IParallelTask
    {
        private readonly float scale = mask.Scale;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            var last = Math.Min((nint)end * ElementBlocks.Size, length);
            for (var i = (nint)start * ElementBlocks.Size; i < last; i += TSimd.Width)
            {
                var count = (int)Math.Min(TSimd.Width, last - i);
                var value = TSimd.Multiply(TSimd.Load(input + i, count), TSimd.KeepMask(mask, (uint)i, 1, scale));
                if (residual is not null)
                    value = TSimd.Add(value, TSimd.Load(residual + i, count));
                TSimd.Store(output + i, value, count);
            }
        }
    }
}
