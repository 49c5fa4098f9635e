using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Attention;

internal static unsafe partial class Attention<TSimd, TVector>
{
    public static void Backward(
        ThreadTeam team, float* queryKeyValueGradient, float* outputGradient, float* output, float* logSumExp, float* queryKeyValue,
        AttentionShape shape, DropoutMask dropout) =>
        team.For(
            shape.HeadCount, 1,
            new BackwardTask(queryKeyValueGradient, outputGradient, output, logSumExp, queryKeyValue, shape, dropout));

    /// <summary>
    /// Items are heads. For each block of keys, P of all later queries is computed again from the kept sums, (queries, keys): the
    /// products dV = Pᵀ dO and dK = dSᵀ Q, which are then complete, read it as its transpose; dQ = dS K is added up block by block.
    /// </summary>
    private readonly struct BackwardTask(
        float* queryKeyValueGradient, float* outputGradient, float* output, float* logSumExp, float* queryKeyValue, AttentionShape shape,
        DropoutMask dropout) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            for (var index = start; index < end; index++)
            {
                var (head, gradient) = (
                    AttentionHead.Of(queryKeyValue, index, shape), AttentionHead.Of(queryKeyValueGradient, index, shape));
                PropagateAll(index, head, gradient);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void PropagateAll(int index, AttentionHead head, AttentionHead gradient)
        {
            var buffers = new BackwardBuffers(head);
            var offset = shape.OffsetOf(index);
            buffers.PackHead(head, outputGradient + offset, output + offset, shape.C);
            for (var first = 0; first < head.Length; first += BlockSize)
            {
                var columns = Math.Min(BlockSize, head.Length - first);
                buffers.MultiplyBlock(head, first, columns);
                for (var query = first; query < head.Length; query++)
                    PropagateSoftmax(buffers, index, query, first, head.Scale);
                buffers.StoreGradients(head, gradient, first, columns);
            }
        }

        /// <summary>Turns one query's scores into P, and its dP into dS = P ∘ (dP − D) / √HS.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void PropagateSoftmax(in BackwardBuffers buffers, int index, int query, int first, float scale)
        {
            var P = buffers.P + ((nint)query * BlockSize);
            var dP = buffers.dP + ((nint)query * BlockSize);
            var (scales, shift) = (TSimd.Broadcast(scale), TSimd.Broadcast(-logSumExp[((nint)index * shape.T) + query]));
            var D = TSimd.Broadcast(buffers.D[query]);
            var mask = dropout.ForHead(index);
            for (var lane = 0; lane < BlockSize; lane += TSimd.Width)
            {
                var seen = query - first - lane + 1;
                if (seen <= 0)
                {
                    TSimd.Store(P + lane, TSimd.Zero);
                    TSimd.Store(dP + lane, TSimd.Zero);
                    continue;
                }

                var p = VectorMath<TSimd, TVector>.ExpOrZero(TSimd.MultiplyAdd(TSimd.Load(P + lane), scales, shift));
                var gradient = TSimd.Load(dP + lane);
                var dropped = p;
                if (mask.Rate != 0)
                {
                    var counter = (uint)(((first + lane) * shape.T) + query);
                    var keep = TSimd.KeepMask(mask, counter, (uint)shape.T, mask.Scale);
                    dropped = TSimd.Multiply(p, keep);
                    gradient = TSimd.Multiply(gradient, keep);
                }

                StoreSeen(P + lane, dropped, seen);
                StoreSeen(dP + lane, TSimd.Multiply(TSimd.Multiply(p, TSimd.Subtract(gradient, D)), scales), seen);
            }
        }

        /// <summary>Stores a vector. Keys behind the query take no part, so their lanes are 0.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void StoreSeen(float* target, TVector value, int seen)
        {
            if (seen < TSimd.Width)
                TSimd.Store(target, TSimd.Zero);
            TSimd.Store(target, value, seen);
        }
    }
}
