using PsGpt.Data;
using PsGpt.Model;
using PsGpt.Training;

namespace PsGpt.Unit.Kernels;

/// <summary>
/// The table of operators: what was called and how much it did, as the architecture says; the times are whatever they are.
/// </summary>
public sealed class TimedKernelsTests
{
    private static readonly GptConfiguration Configuration =
        new() { VocabularySize = 16, ContextLength = 8, LayerCount = 3, HeadCount = 2, ChannelCount = 4 };
    private static readonly TokenBatch Batch = new(
        [1, 2, 3, 4, 5, 6], [2, 3, 4, 5, 6, 7], batchSize: 2, sequenceLength: 3, tokenizerName: null);

    [Fact]
    public void A_step_is_told_operator_by_operator()
    {
        using var model = ModelInitializer.Create(Configuration, tokenizer: null, seed: 1);
        using var trainer = new Trainer(model, new TrainerOptions(), timesKernels: true);
        trainer.Step(Batch);
        var times = trainer.KernelTimes.ToDictionary(time => time.Name);

        // M = 6 rows; a layer has matrices of 4 x 12, 4 x 4, 4 x 16 and 16 x 4, and the head is 4 x 16.
        const double layer = (4 * 12) + (4 * 4) + (4 * 16) + (16 * 4), head = 4 * 16;
        Assert.Equal((4 * 3) + 1, times["MatMulBackwardWeight"].CallCount);
        Assert.Equal(2 * 6 * ((3 * layer) + head), times["MatMulBackwardWeight"].Operations);
        Assert.Equal(2 * 6 * ((3 * layer) + head), times["MatMulBackwardInput"].Operations);
        Assert.Equal(3, times["MatMulActivationForward"].CallCount);

        // Input, weight, and output twice: before the activation and behind it.
        Assert.Equal(3 * 4 * ((6 * 4) + (4 * 16) + (2 * 6 * 16)), times["MatMulActivationForward"].Bytes);
        Assert.Equal(1, trainer.KernelTimes.Sum(time => time.Share), 1e-9);
        Assert.Equal(trainer.KernelTimes.OrderByDescending(time => time.Milliseconds), trainer.KernelTimes);
    }

    [Fact]
    public void A_step_of_two_replicas_is_counted_as_one()
    {
        using var model = ModelInitializer.Create(Configuration with { ContextLength = 256 }, tokenizer: null, seed: 1);
        using var trainer = new Trainer(model, new TrainerOptions(), timesKernels: true);
        int[] tokens = [.. Enumerable.Range(0, 512).Select(i => i % 16)];
        trainer.Step(new TokenBatch(tokens, tokens, batchSize: 2, sequenceLength: 256, tokenizerName: null));
        var times = trainer.KernelTimes.ToDictionary(time => time.Name);
        const double layer = (4 * 12) + (4 * 4) + (4 * 16) + (16 * 4), head = 4 * 16;
        Assert.Equal(2 * ((4 * 3) + 1), times["MatMulBackwardWeight"].CallCount);
        Assert.Equal(2 * 512 * ((3 * layer) + head), times["MatMulBackwardWeight"].Operations);
        Assert.Equal(model.Weights.Tensors.Count, times["Add"].CallCount);
        Assert.Equal(1, trainer.KernelTimes.Sum(time => time.Share), 1e-9);
    }

    [Fact]
    public void Timing_changes_nothing_else()
    {
        using GptModel model = ModelInitializer.Create(
            Configuration, tokenizer: null, seed: 1), twin = ModelInitializer.Create(Configuration, tokenizer: null, seed: 1);
        using Trainer timed = new(model, new TrainerOptions(), timesKernels: true), plain = new(twin, new TrainerOptions());
        for (var i = 0; i < 3; i++)
            Assert.Equal(plain.Step(Batch).Loss, timed.Step(Batch).Loss);
        Assert.Empty(plain.KernelTimes);
    }
}
