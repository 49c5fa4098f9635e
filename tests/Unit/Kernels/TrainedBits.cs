using System.Runtime.InteropServices;
using PsGpt.Data;
using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Training;

namespace PsGpt.Unit.Kernels;

/// <summary>A few steps with everything that sums or draws: dropout, clipping, a ragged vocabulary, several K-blocks.</summary>
internal static class TrainedBits
{
    public static byte[] Of(IKernels kernels, ulong seed = 1, int sequenceLength = 40)
    {
        var configuration = new GptConfiguration
        {
            VocabularySize = 131,
            ContextLength = 180,
            LayerCount = 2,
            HeadCount = 2,
            ChannelCount = 104,
            Dropout = 0.1f,
        };
        using var model = ModelInitializer.Create(configuration, null, seed: 3);
        using var trainer = new Trainer(model, new TrainerOptions { LearningRate = 1e-2f, Seed = seed }, kernels);
        var random = new RandomStream(4);
        for (var step = 0; step < 3; step++)
        {
            var ids = Enumerable.Range(0, 3 * sequenceLength).Select(_ => random.NextInt32(131)).ToArray();
            trainer.Step(new TokenBatch(ids, [.. ids.Reverse()], 3, sequenceLength, null));
        }

        return MemoryMarshal.AsBytes(model.Weights.Tensors[0].Span).ToArray();
    }
}
