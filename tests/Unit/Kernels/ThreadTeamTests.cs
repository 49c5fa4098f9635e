using PsGpt.Kernels;
using PsGpt.Kernels.Threading;

namespace PsGpt.Unit.Kernels;

public sealed class ThreadTeamTests
{
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
    public void A_system_that_gives_no_more_threads_says_how_many_it_gave()
    {
        var started = 0;
        var error = Assert.Throws<GptException>(() => new ThreadTeam(8, _ =>
        {
            // As Thread.Start fails at a limit of the system (ulimit -u).
            if (++started == 3)
                throw new OutOfMemoryException();
        }));
        Assert.Equal("ThreadsNotAvailable", error.ErrorId);
        Assert.Contains("gave this process 3 of 8 threads", error.Message, StringComparison.Ordinal);
        Assert.Contains("PSGPT_THREADS to 3", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(180)] // Of 3 x 180 tokens the gradients are those of two replicas.
    public void The_number_of_threads_does_not_change_a_bit_of_training(int sequenceLength)
    {
        var expected = TrainedBits.Of(KernelCatalog.GetAvailable(new ThreadTeam(1))[0], sequenceLength: sequenceLength);
        foreach (var threads in new[] { 2, 3, 4, 7 })
            Assert.Equal(expected, TrainedBits.Of(KernelCatalog.GetAvailable(new ThreadTeam(threads))[0], sequenceLength: sequenceLength));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_seed_others()
    {
        Assert.Equal(TrainedBits.Of(KernelCatalog.Default), TrainedBits.Of(KernelCatalog.Default));
        Assert.NotEqual(TrainedBits.Of(KernelCatalog.Default), TrainedBits.Of(KernelCatalog.Default, seed: 2));
    }
}
