using System.Runtime.CompilerServices;

namespace PsGpt.Kernels;

internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    public void DropoutForward(float* output, float* input, float* residual, nint length, DropoutMask mask, float rate)
    {
        var blocks = (int)((length + ElementBlock - 1) / ElementBlock);
        team.For(blocks, 1, new DropoutTask(output, input, residual, length, mask, 1 / (1 - rate)));
    }

    private readonly struct DropoutTask(float* output, float* input, float* residual, nint length, DropoutMask mask, float scale) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            var last = Math.Min((nint)end * ElementBlock, length);
            for (var i = (nint)start * ElementBlock; i < last; i += TSimd.Width)
            {
                var count = (int)Math.Min(TSimd.Width, last - i);
                var value = TSimd.Multiply(Lanes<TSimd, TVector>.Load(input + i, count), TSimd.KeepMask(mask, (uint)i, 1, scale));
                if (residual is not null)
                    value = TSimd.Add(value, Lanes<TSimd, TVector>.Load(residual + i, count));
                Lanes<TSimd, TVector>.Store(output + i, value, count);
            }
        }
    }
}
