using PsGpt.Data;
using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Training;

namespace PsGpt.Benchmarks;

/// <summary>A model and one batch of random tokens to train it on, again and again: their values do not change the time.</summary>
internal sealed class RandomBatchStep : IDisposable
{
    private readonly Trainer trainer;
    private readonly TokenBatch batch;

    public RandomBatchStep(GptModel model, int batchSize, int sequenceLength, IKernels kernels)
    {
        trainer = new Trainer(model, new TrainerOptions(), kernels);
        var random = new RandomStream(1);
        int[] Draw() =>
            [.. Enumerable.Range(0, batchSize * sequenceLength).Select(_ => random.NextInt32(model.Configuration.VocabularySize))];
        batch = new TokenBatch(Draw(), Draw(), batchSize, sequenceLength, tokenizerName: null);

        // 6 N per token as the field counts it; attention's own products come on top.
        GigaOperations = 6.0 * model.Configuration.ParameterCount * batch.TokenCount / 1e9;
    }

    /// <summary>The arithmetic of a step as the field counts it.</summary>
    public double GigaOperations { get; }

    /// <summary>Forward pass, backward pass, clipping and AdamW.</summary>
    public void Run() => trainer.Step(batch);

    public void Dispose() => trainer.Dispose();
}
