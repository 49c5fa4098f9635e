using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Rows;

/// <summary>Dropout by a mask that is never stored.</summary>
internal static unsafe class Dropout<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public static void Forward(ThreadTeam team, float* output, float* input, float* residual, nint length, DropoutMask mask, float rate)
    {
        team.For(ElementBlocks.Count(length), 1, new DropoutTask(output, input, residual, length, mask, 1 / (1 - rate)));
    }

    private readonly struct DropoutTask(
        float* output, float* input, float* residual, nint length, DropoutMask mask, float scale) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            var last = Math.Min((nint)end * ElementBlocks.Size, length);
            for (var i = (nint)start * ElementBlocks.Size; i < last; i += TSimd.Width)
            {
                var count = (int)Math.Min(TSimd.Width, last - i);
                var value = TSimd.Multiply(Masked<TSimd, TVector>.Load(input + i, count), TSimd.KeepMask(mask, (uint)i, 1, scale));
                if (residual is not null)
                    value = TSimd.Add(value, Masked<TSimd, TVector>.Load(residual + i, count));
                Masked<TSimd, TVector>.Store(output + i, value, count);
            }
        }
    }
}
