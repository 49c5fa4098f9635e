using System.Runtime.ExceptionServices;
using PsGpt.Communication;

namespace PsGpt.Unit.Communication;

/// <summary>A group of ranks that are threads of this process, for tests without MPI: memory that all of them see is the network.</summary>
internal sealed class ThreadRanks : IDisposable
{
    private readonly Barrier barrier;
    private readonly CancellationTokenSource failure = new();
    private readonly Array[] sent;

    private ThreadRanks(int size) => (barrier, sent) = (new Barrier(size), new Array[size]);

    /// <summary>Does the same on all ranks, and returns what each found. The first exception ends all.</summary>
    public static T[] Run<T>(int size, Func<ICommunicator, T> work)
    {
        using var group = new ThreadRanks(size);
        var results = new T[size];
        var exceptions = new List<Exception>();
        var threads = Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            try
            {
                results[rank] = work(new ThreadRank(group, rank));
            }
            catch (Exception exception)
            {
                lock (exceptions)
                    exceptions.Add(exception);
                group.failure.Cancel();
            }
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        if (exceptions.Count > 0)
            ExceptionDispatchInfo.Throw(exceptions[0]);
        return results;
    }

    public void Dispose()
    {
        barrier.Dispose();
        failure.Dispose();
    }

    /// <summary>Shows all ranks' values to each of them; none may change before all have looked.</summary>
    private void Exchange<T>(int rank, ReadOnlySpan<T> values, Action<T[][]> look)
    {
        sent[rank] = values.ToArray();
        barrier.SignalAndWait(failure.Token);
        look([.. sent.Cast<T[]>()]);
        barrier.SignalAndWait(failure.Token);
    }

    private sealed class ThreadRank(ThreadRanks group, int rank) : ICommunicator
    {
        public string Name => "threads";

        public int Rank => rank;

        public int Size => group.sent.Length;

        public void Barrier() => group.Exchange<int>(rank, [], _ => { });

        public void Broadcast(Span<byte> data, int root)
        {
            var received = Array.Empty<byte>();
            group.Exchange<byte>(rank, data, all => received = all[root]);
            received.CopyTo(data);
        }

        public void AllReduce(Span<double> values)
        {
            var sums = new double[values.Length];
            group.Exchange<double>(rank, values, all =>
            {
                for (var i = 0; i < sums.Length; i++)
                    sums[i] = all.Sum(other => other[i]);
            });
            sums.CopyTo(values);
        }

        public void ReduceScatter(Span<float> values, ReadOnlySpan<int> counts, WireFormat format = WireFormat.Float32)
        {
            if (format == WireFormat.BFloat16)
                SingleProcess.Instance.ReduceScatter(values, [values.Length], format);
            var own = Segment(counts, rank);
            var sums = new float[own.Length];
            group.Exchange<float>(rank, values, all =>
            {
                foreach (var other in all)
                {
                    for (var i = 0; i < sums.Length; i++)
                        sums[i] += other[own.Start + i];
                }
            });
            sums.CopyTo(values[own.Start..]);
        }

        public void AllGather(Span<float> values, ReadOnlySpan<int> counts)
        {
            var segments = new (int Start, int Length)[Size];
            for (var other = 0; other < Size; other++)
                segments[other] = Segment(counts, other);
            var gathered = new float[values.Length];
            group.Exchange<float>(rank, values, all =>
            {
                for (var other = 0; other < all.Length; other++)
                    Array.Copy(all[other], segments[other].Start, gathered, segments[other].Start, segments[other].Length);
            });
            gathered.CopyTo(values);
        }

        public void Abort(int exitCode) => throw new InvalidOperationException($"Rank {rank} ended all with {exitCode}.");

        private static (int Start, int Length) Segment(ReadOnlySpan<int> counts, int rank)
        {
            var start = 0;
            foreach (var count in counts[..rank])
                start += count;
            return (start, counts[rank]);
        }
    }
}
