using PsGpt.Communication;
using PsGpt.Communication.Mpi;

namespace PsGpt.Unit.Communication;

/// <summary>
/// Tries every collective operation against sums in a plain loop, and says so: <c>mpirun -n 3 dotnet PsGpt.Unit.dll
/// communicate</c>. Each rank knows the values of all, since they follow from the number of the rank.
/// </summary>
internal static class CommunicationProgram
{
    /// <summary>More than one piece of a segment, and not a multiple of anything.</summary>
    private const int LongSegment = (1 << 20) + 77;

    public static int Run()
    {
        var world = MpiCommunicator.World;
        Check(MpiLauncher.RankCount == world.Size, "the launcher's number of ranks");
        world.Barrier();
        Broadcasts(world);
        ReducesNumbers(world);
        GathersSegments(world);
        ScattersSums(world, WireFormat.Float32);
        ScattersSums(world, WireFormat.BFloat16);
        Console.Out.WriteLine($"rank {world.Rank} of {world.Size} agrees over {world.Name}");
        return 0;
    }

    private static void Broadcasts(ICommunicator world)
    {
        var root = world.Size - 1;
        var data = world.Rank == root ? "from the last rank"u8.ToArray() : new byte[18];
        world.Broadcast(data, root);
        Check(data.AsSpan().SequenceEqual("from the last rank"u8), "broadcast");
    }

    private static void ReducesNumbers(ICommunicator world)
    {
        double[] values = [world.Rank + 1, 0.1 * world.Rank, -1];
        world.AllReduce(values);
        var (first, second) = (0.0, 0.0);
        for (var rank = 0; rank < world.Size; rank++)
            (first, second) = (first + rank + 1, second + (0.1 * rank));
        Check(values.SequenceEqual([first, second, -world.Size]), "all-reduce");
    }

    private static void GathersSegments(ICommunicator world)
    {
        var counts = Counts(world.Size);
        var values = new float[counts.Sum()];
        var start = counts.Take(world.Rank).Sum();
        for (var i = start; i < start + counts[world.Rank]; i++)
            values[i] = Value(world.Rank, i);
        world.AllGather(values, counts);
        for (int rank = 0, i = 0; rank < world.Size; rank++)
        {
            for (var end = i + counts[rank]; i < end; i++)
                Check(values[i] == Value(rank, i), "all-gather");
        }
    }

    private static void ScattersSums(ICommunicator world, WireFormat format)
    {
        var counts = Counts(world.Size);
        var values = new float[counts.Sum()];
        for (var i = 0; i < values.Length; i++)
            values[i] = Value(world.Rank, i);
        world.ReduceScatter(values, counts, format);
        var start = counts.Take(world.Rank).Sum();
        for (var i = start; i < start + counts[world.Rank]; i++)
        {
            var sum = 0f;
            for (var rank = 0; rank < world.Size; rank++)
                sum += format == WireFormat.BFloat16 ? NearestBFloat16(Value(rank, i)) : Value(rank, i);
            Check(values[i] == sum, $"reduce-scatter in {format}");
        }
    }

    /// <summary>Segments of different lengths, an empty one among them.</summary>
    private static int[] Counts(int size) => [.. Enumerable.Range(0, size).Select(rank => rank == 1 ? 0 : LongSegment + rank)];

    private static float Value(int rank, int i) => MathF.Sin((i % 1013) + (3 * rank)) / (rank + 1);

    /// <summary>By the distance to both neighbours, in double precision.</summary>
    private static float NearestBFloat16(float value)
    {
        var lower = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) & 0xFFFF0000);
        var upper = BitConverter.UInt32BitsToSingle((BitConverter.SingleToUInt32Bits(value) & 0xFFFF0000) + 0x10000);
        var (down, up) = (Math.Abs((double)value - lower), Math.Abs((double)upper - value));
        var isEven = (BitConverter.SingleToUInt32Bits(lower) & 0x10000) == 0;
        return down < up || (down == up && isEven) ? lower : upper;
    }

    private static void Check(bool isRight, string what)
    {
        if (!isRight)
            throw new InvalidOperationException($"Wrong values: {what}.");
    }
}
