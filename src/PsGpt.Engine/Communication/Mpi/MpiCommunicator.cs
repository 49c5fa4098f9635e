using System.Runtime.InteropServices;

namespace PsGpt.Communication.Mpi;

/// <summary>All ranks that <c>mpirun</c> or <c>srun</c> started, over the system's MPI.</summary>
/// <remarks>
/// MPI may choose the order of an all-reduce anew in each run. Here only bytes travel by MPI, and sums are made by their owner in
/// the order of the ranks, which moves as many bytes as a ring does: each rank sends (N − 1) / N of the values.
/// </remarks>
public sealed unsafe class MpiCommunicator : ICommunicator
{
    /// <summary>Values of one segment that travel at once, so that the receive buffer stays at 4 MB for each rank.</summary>
    private const int PieceLength = 1 << 20;

    private const int BroadcastPieceLength = 1 << 30;

    private static readonly Lazy<MpiCommunicator> Started = new(Start);

    private readonly MpiLibrary mpi;
    private readonly int[] sendCounts;
    private readonly int[] sendOffsets;
    private readonly int[] receiveCounts;
    private readonly int[] receiveOffsets;
    private byte[] received = [];
    private ushort[] rounded = [];

    private MpiCommunicator(MpiLibrary mpi)
    {
        this.mpi = mpi;
        Name = mpi.Version;
        (Rank, Size) = mpi.Place();
        (sendCounts, sendOffsets, receiveCounts, receiveOffsets) = (new int[Size], new int[Size], new int[Size], new int[Size]);
    }

    /// <summary>All ranks. The first use starts MPI, which ends with the process.</summary>
    /// <exception cref="GptException"><c>MpiNotFound</c>, <c>CommunicationFailed</c>.</exception>
    public static MpiCommunicator World => Started.Value;

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <inheritdoc/>
    public void Barrier() => mpi.Barrier();

    /// <inheritdoc/>
    public void Broadcast(Span<byte> data, int root)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(root);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(root, Size);
        fixed (byte* start = data)
        {
            for (var done = 0; done < data.Length; done += BroadcastPieceLength)
                mpi.Broadcast(start + done, Math.Min(BroadcastPieceLength, data.Length - done), root);
        }
    }

    /// <inheritdoc/>
    public void AllReduce(Span<double> values)
    {
        var all = new double[Size * values.Length];
        values.CopyTo(all.AsSpan(Rank * values.Length));
        Array.Fill(receiveCounts, values.Length * sizeof(double));
        SumUp(receiveCounts, receiveOffsets);
        fixed (double* start = all)
        fixed (int* counts = receiveCounts, offsets = receiveOffsets)
        {
            mpi.AllGather(start, counts, offsets, mpi.Abi.Byte);
        }

        values.Clear();
        for (var i = 0; i < all.Length; i++)
            values[i % values.Length] += all[i];
    }

    /// <inheritdoc/>
    public void AllGather(Span<float> values, ReadOnlySpan<int> counts)
    {
        RequireSegments(values.Length, counts);
        counts.CopyTo(receiveCounts);
        SumUp(receiveCounts, receiveOffsets);
        fixed (float* start = values)
        fixed (int* lengths = receiveCounts, offsets = receiveOffsets)
        {
            mpi.AllGather(start, lengths, offsets, mpi.Abi.Single);
        }
    }

    /// <inheritdoc/>
    public void ReduceScatter(Span<float> values, ReadOnlySpan<int> counts, WireFormat format = WireFormat.Float32)
    {
        RequireSegments(values.Length, counts);
        var longest = 0;
        var ownStart = 0;
        for (var rank = 0; rank < Size; rank++)
        {
            longest = Math.Max(longest, counts[rank]);
            ownStart += rank < Rank ? counts[rank] : 0;
        }

        var own = values.Slice(ownStart, counts[Rank]);
        var isRounded = format == WireFormat.BFloat16;
        if (isRounded)
            RankSum.Convert(values, RoomForRounded(values.Length));
        for (var done = 0; done < longest; done += PieceLength)
        {
            var piece = own[Math.Min(done, own.Length)..Math.Min(done + PieceLength, own.Length)];
            if (isRounded)
                Exchange(MemoryMarshal.AsBytes(rounded.AsSpan(0, values.Length)), counts, done, piece.Length, sizeof(ushort));
            else
                Exchange(MemoryMarshal.AsBytes(values), counts, done, piece.Length, sizeof(float));
            Sum(piece, isRounded);
        }
    }

    /// <inheritdoc/>
    public void Abort(int exitCode) => mpi.Abort(exitCode);

    private static MpiCommunicator Start()
    {
        var mpi = MpiLibrary.Load();
        mpi.Start();
        LauncherWatch.Start();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => End(mpi);
        return new MpiCommunicator(mpi);
    }

    /// <summary>Finish waits for all ranks, which may wait for this one after a failure.</summary>
    private static void End(MpiLibrary mpi)
    {
        if (Environment.ExitCode == 0)
            mpi.Finish();
        else
            mpi.Abort(Environment.ExitCode);
    }

    /// <summary>Sends each rank its piece of these values, and receives every rank's values of the own piece.</summary>
    /// <param name="values">All segments.</param>
    /// <param name="counts">The lengths of the segments.</param>
    /// <param name="done">How many values of each segment have travelled before.</param>
    /// <param name="pieceLength">The length of the own piece.</param>
    /// <param name="valueSize">The bytes of a value.</param>
    private void Exchange(ReadOnlySpan<byte> values, ReadOnlySpan<int> counts, int done, int pieceLength, int valueSize)
    {
        var start = 0L;
        for (var rank = 0; rank < Size; rank++)
        {
            sendCounts[rank] = Math.Clamp(counts[rank] - done, 0, PieceLength) * valueSize;
            sendOffsets[rank] = checked((int)((start + Math.Min(done, counts[rank])) * valueSize));
            start += counts[rank];
        }

        Array.Fill(receiveCounts, pieceLength * valueSize);
        var length = SumUp(receiveCounts, receiveOffsets);
        if (received.Length < length)
            received = new byte[length];
        fixed (byte* send = values, receive = received)
        fixed (int* outCounts = sendCounts, outOffsets = sendOffsets, inCounts = receiveCounts, inOffsets = receiveOffsets)
        {
            mpi.AllToAll(send, outCounts, outOffsets, receive, inCounts, inOffsets);
        }
    }

    private void Sum(Span<float> piece, bool isRounded)
    {
        piece.Clear();
        for (var rank = 0; rank < Size; rank++)
        {
            var values = received.AsSpan(receiveOffsets[rank], receiveCounts[rank]);
            if (isRounded)
                RankSum.Add(piece, MemoryMarshal.Cast<byte, ushort>(values));
            else
                RankSum.Add(piece, MemoryMarshal.Cast<byte, float>(values));
        }
    }

    private Span<ushort> RoomForRounded(int length)
    {
        if (rounded.Length < length)
            rounded = new ushort[length];
        return rounded.AsSpan(0, length);
    }

    private static int SumUp(int[] counts, int[] offsets)
    {
        var sum = 0;
        for (var rank = 0; rank < counts.Length; rank++)
        {
            offsets[rank] = sum;
            sum = checked(sum + counts[rank]);
        }

        return sum;
    }

    private void RequireSegments(int length, ReadOnlySpan<int> counts)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(counts.Length, Size);
        var sum = 0L;
        foreach (var count in counts)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(counts));
            sum += count;
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(sum, length);
    }
}
