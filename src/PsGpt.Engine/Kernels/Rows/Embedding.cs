using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Rows;

/// <summary>Looks up token and position embeddings, and adds up their gradients.</summary>
internal static unsafe class Embedding<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public static void Forward(
        ThreadTeam team, float* output, int* tokens, float* tokenEmbedding, float* positionEmbedding, int batchSize, int sequenceLength,
        int firstPosition, int channelCount) =>
        team.For(
            batchSize * sequenceLength, ChunkSize.ForFloats(channelCount),
            new ForwardTask(
                output, tokens, tokenEmbedding, positionEmbedding + ((nint)firstPosition * channelCount), sequenceLength, channelCount));

    public static double Backward(
        ThreadTeam team, float* tokenGradient, float* positionGradient, int* tokens, float* outputGradient, int batchSize,
        int sequenceLength, int channelCount, bool accumulate)
    {
        // Split over channels: a token may occur in many rows, and each channel's sum keeps the order of the rows.
        var vectors = (channelCount + TSimd.Width - 1) / TSimd.Width;
        var growth = SquaredNorm<TSimd, TVector>.Prepare(vectors);
        team.For(
            vectors, Math.Max(1, vectors / team.ThreadCount),
            new BackwardTask(
                tokenGradient, positionGradient, tokens, outputGradient, batchSize, sequenceLength, channelCount, accumulate, growth));
        return growth.Total();
    }

    private readonly struct ForwardTask(
        float* output, int* tokens, float* tokenEmbedding, float* positionEmbedding, int sequenceLength, int channelCount) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            for (var row = start; row < end; row++)
            {
                var token = tokenEmbedding + ((nint)tokens[row] * channelCount);
                var position = positionEmbedding + ((nint)(row % sequenceLength) * channelCount);
                for (var c = 0; c < channelCount; c += TSimd.Width)
                {
                    var count = channelCount - c;
                    var sum = TSimd.Add(TSimd.Load(token + c, count), TSimd.Load(position + c, count));
                    TSimd.Store(output + ((nint)row * channelCount) + c, sum, count);
                }
            }
        }
    }

    private readonly struct BackwardTask(
        float* tokenGradient, float* positionGradient, int* tokens, float* outputGradient, int batchSize, int sequenceLength,
        int channelCount, bool accumulate, SquaredNorm<TSimd, TVector> growth) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            var (first, last) = (start * TSimd.Width, Math.Min(end * TSimd.Width, channelCount));
            for (var t = 0; t < sequenceLength && !accumulate; t++)
                new Span<float>(positionGradient + ((nint)t * channelCount) + first, last - first).Clear();
            for (var row = 0; row < batchSize * sequenceLength; row++)
            {
                var gradient = outputGradient + ((nint)row * channelCount);
                AddToToken(tokenGradient + ((nint)tokens[row] * channelCount), gradient, first, last);
                Add(positionGradient + ((nint)(row % sequenceLength) * channelCount), gradient, first, last);
            }
        }

        /// <summary>Adds, and sums the growth of the squares: (new − old) · (new + old).</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void AddToToken(float* sum, float* gradient, int first, int last)
        {
            for (var c = first; c < last; c += TSimd.Width)
            {
                var before = TSimd.Load(sum + c, last - c);
                var after = TSimd.Add(before, TSimd.Load(gradient + c, last - c));
                TSimd.Store(sum + c, after, last - c);
                var part = growth.Of(c / TSimd.Width);
                TSimd.Store(part, TSimd.MultiplyAdd(TSimd.Subtract(after, before), TSimd.Add(after, before), TSimd.Load(part)));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Add(float* sum, float* gradient, int first, int last)
        {
            for (var c = first; c < last; c += TSimd.Width)
            {
                var value = TSimd.Add(TSimd.Load(sum + c, last - c), TSimd.Load(gradient + c, last - c));
                TSimd.Store(sum + c, value, last - c);
            }
        }
    }
}
