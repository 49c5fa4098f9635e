using PsGpt.Communication;

namespace PsGpt.Unit.Communication;

public sealed class CommunicatorTests
{
    public static TheoryData<string, int> Groups
    {
        get
        {
            var groups = new TheoryData<string, int>();
            foreach (var launcher in MpiRun.Installed)
            {
                for (var rankCount = 1; rankCount <= 4; rankCount++)
                    groups.Add(launcher, rankCount);
            }

            return groups;
        }
    }

    [MpiTheory]
    [MemberData(nameof(Groups))]
    public void Every_rank_agrees_with_sums_in_a_plain_loop(string launcher, int rankCount)
    {
        var (exitCode, output, errors) = MpiRun.Start(launcher, rankCount, "communicate");
        Assert.True(exitCode == 0, errors);
        var name = launcher.EndsWith("openmpi", StringComparison.Ordinal) ? "Open MPI" : "MPICH";
        for (var rank = 0; rank < rankCount; rank++)
            Assert.Contains($"rank {rank} of {rankCount} agrees over {name}", output);
    }

    [Fact]
    public void A_process_alone_keeps_its_values()
    {
        float[] values = [1, 2, 3];
        double[] numbers = [4];
        SingleProcess.Instance.ReduceScatter(values, [3]);
        SingleProcess.Instance.AllGather(values, [3]);
        SingleProcess.Instance.AllReduce(numbers);
        Assert.Equal([1, 2, 3], values);
        Assert.Equal([4], numbers);
    }

    [Fact]
    public void A_process_alone_rounds_as_a_group_does()
    {
        // 1 + 2⁻⁸ lies between 1 and 1 + 2⁻⁷; the tie goes to the even one.
        float[] values = [1 + (1f / 256), 1 + (3f / 256), float.NaN, float.NegativeInfinity];
        SingleProcess.Instance.ReduceScatter(values, [4], WireFormat.BFloat16);
        Assert.Equal([1, 1 + (1f / 64), float.NaN, float.NegativeInfinity], values);
    }
}
