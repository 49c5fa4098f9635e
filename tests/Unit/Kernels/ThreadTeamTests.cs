using PsGpt.Data;
using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Training;

namespace PsGpt.Unit.Kernels;

public sealed class ThreadTeamTests
{
    private readonly unsafe struct CountTask(int* counts) : IParallelTask
    {
        public void Execute(int start, int end)
        {
            for (var i = start; i < end; i++)
                Interlocked.Increment(ref counts[i]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public unsafe void Every_item_is_done_once_however_often_loops_follow_each_other(int threadCount)
    {
        var team = new ThreadTeam(threadCount);
        var counts = new int[101];
        fixed (int* pointer = counts)
        {
            for (var loop = 0; loop < 5000; loop++)
                team.For(1 + (loop % counts.Length), 1 + (loop % 3), new CountTask(pointer));
        }

        for (var i = 0; i < counts.Length; i++)
            Assert.Equal(Enumerable.Range(0, 5000).Count(loop => loop % counts.Length >= i), counts[i]);
    }

    [Fact]
    public unsafe void Two_callers_do_not_disturb_each_other()
    {
        var team = new ThreadTeam(3);
        var counts = new int[2][];
        Parallel.For(0, 2, caller =>
        {
            counts[caller] = new int[64];
            fixed (int* pointer = counts[caller])
            {
                for (var loop = 0; loop < 3000; loop++)
                    team.For(64, 1, new CountTask(pointer));
            }
        });
        Assert.All(counts, items => Assert.All(items, count => Assert.Equal(3000, count)));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(180)] // Of 3 x 180 tokens the gradients are those of two halves.
    public void The_number_of_threads_does_not_change_a_bit_of_training(int sequenceLength)
    {
        var expected = TrainedBits(KernelCatalog.GetAvailable(new ThreadTeam(1))[0], sequenceLength: sequenceLength);
        foreach (var threads in new[] { 2, 3, 4, 7 })
            Assert.Equal(expected, TrainedBits(KernelCatalog.GetAvailable(new ThreadTeam(threads))[0], sequenceLength: sequenceLength));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_seed_others()
    {
        Assert.Equal(TrainedBits(KernelCatalog.Default), TrainedBits(KernelCatalog.Default));
        Assert.NotEqual(TrainedBits(KernelCatalog.Default), TrainedBits(KernelCatalog.Default, seed: 2));
    }

    /// <summary>A few steps with everything that sums or draws: dropout, clipping, a ragged vocabulary, several blocks of depth.</summary>
    private static byte[] TrainedBits(IKernels kernels, ulong seed = 1, int sequenceLength = 40)
    {
        var configuration = new GptConfiguration { VocabularySize = 131, ContextLength = 180, LayerCount = 2, HeadCount = 2, ChannelCount = 104, DropoutRate = 0.1f };
        using var model = ModelInitializer.Create(configuration, null, seed: 3);
        using var trainer = new Trainer(model, new TrainerOptions { LearningRate = 1e-2f, Seed = seed }, kernels);
        var random = new RandomStream(4);
        for (var step = 0; step < 3; step++)
        {
            var ids = Enumerable.Range(0, 3 * sequenceLength).Select(_ => random.NextInt32(131)).ToArray();
            trainer.Step(new TokenBatch(ids, [.. ids.Reverse()], 3, sequenceLength, null));
        }

        return System.Runtime.InteropServices.MemoryMarshal.AsBytes(model.Parameters.Tensors[0].Span).ToArray();
    }
}
