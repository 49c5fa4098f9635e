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

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit_of_training()
    {
        var bits = new[] { 1, 2, 7 }.Select(threads => TrainedBits(KernelCatalog.GetAvailable(new ThreadTeam(threads))[0])).ToArray();
        Assert.Equal(bits[0], bits[1]);
        Assert.Equal(bits[0], bits[2]);
    }

    [Theory]
    [InlineData(521, 40, 61)]
    [InlineData(1100, 150, 30)]
    public unsafe void The_number_of_threads_does_not_change_a_bit_of_a_gradient_in_halves(int rows, int inputs, int outputs)
    {
        using Buffer dy = new(rows * outputs, 1), x = new(rows * inputs, 2), expected = new(outputs * inputs), expectedBias = new(outputs);
        var squares = KernelCatalog.GetAvailable(new ThreadTeam(1))[0].MatMulBackwardWeight(expected.Pointer, expectedBias.Pointer, dy.Pointer, x.Pointer, rows, inputs, outputs, accumulate: false);
        foreach (var threads in new[] { 2, 3, 7 })
        {
            using Buffer dw = new(outputs * inputs), db = new(outputs);
            var actual = KernelCatalog.GetAvailable(new ThreadTeam(threads))[0].MatMulBackwardWeight(dw.Pointer, db.Pointer, dy.Pointer, x.Pointer, rows, inputs, outputs, accumulate: false);
            Assert.Equal(squares, actual);
            Assert.Equal(expected.Span, dw.Span);
            Assert.Equal(expectedBias.Span, db.Span);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_seed_others()
    {
        Assert.Equal(TrainedBits(KernelCatalog.Default), TrainedBits(KernelCatalog.Default));
        Assert.NotEqual(TrainedBits(KernelCatalog.Default), TrainedBits(KernelCatalog.Default, seed: 2));
    }

    /// <summary>A few steps with everything that sums or draws: dropout, clipping, a ragged vocabulary, several blocks of depth.</summary>
    private static byte[] TrainedBits(IKernels kernels, ulong seed = 1)
    {
        var configuration = new GptConfiguration { VocabularySize = 131, ContextLength = 40, LayerCount = 2, HeadCount = 2, ChannelCount = 104, DropoutRate = 0.1f };
        using var model = ModelInitializer.Create(configuration, null, seed: 3);
        using var trainer = new Trainer(model, new TrainerOptions { LearningRate = 1e-2f, Seed = seed }, kernels);
        var random = new RandomStream(4);
        for (var step = 0; step < 3; step++)
        {
            var ids = Enumerable.Range(0, 3 * 40).Select(_ => random.NextInt32(131)).ToArray();
            trainer.Step(new TokenBatch(ids, [.. ids.Reverse()], 3, 40, null));
        }

        return System.Runtime.InteropServices.MemoryMarshal.AsBytes(model.Parameters.Tensors[0].Span).ToArray();
    }
}
