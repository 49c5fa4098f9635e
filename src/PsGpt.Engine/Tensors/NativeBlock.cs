using System.Runtime.InteropServices;
using PsGpt.Plugins;

namespace PsGpt.Tensors;

/// <summary>
/// A zeroed block of floats outside the managed heap, aligned to 64 bytes so that a 512-bit vector never crosses a cache line.
/// The block is freed when it is disposed and its last lease has ended or, at the latest, when it is finalized.
/// </summary>
internal sealed unsafe class NativeBlock : SafeHandle
{
    private const nuint Alignment = 64;

    [ThreadStatic]
    private static long allocatedBytes;

    // Smaller blocks are not worth a word to the collector.
    private const long MinimumPressure = 1 << 20;

    // Memory that the collector need not know of. Where it hears of 4 MB it collects at once, which takes 13 ms in a fresh PowerShell.
    private const long QuietBytes = 64L << 20;

    private static long liveBytes;

    private readonly float* start;
    private readonly long pressure;

    /// <summary>Allocates a zeroed block.</summary>
    /// <param name="length">The number of floats, at least 0.</param>
    /// <exception cref="GptException"><c>OutOfMemory</c>: the machine has not that much memory.</exception>
    public NativeBlock(nint length)
        : base(0, ownsHandle: true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        try
        {
            // Zeroed by the allocator: what comes fresh from the system is zero already, and is not touched before it is used.
            var byteCount = checked((nuint)length * sizeof(float));
            RequireRoom(byteCount);
            var alignment = byteCount >= 2 * LargePages.Size ? LargePages.Size : Alignment;
            SetHandle((nint)NativeMemory.AllocZeroed(checked(byteCount + alignment)));
            allocatedBytes += (long)(byteCount + alignment);
            start = (float*)(((nuint)handle + alignment - 1) & ~(alignment - 1));
            if (alignment == LargePages.Size)
                LargePages.Advise(start, byteCount);

            // The collector sees a small object. It collects in time where it knows what a forgotten one holds.
            var live = Interlocked.Add(ref liveBytes, (long)byteCount);
            pressure = (long)byteCount >= MinimumPressure && live > QuietBytes ? (long)byteCount : 0;
            if (pressure > 0)
                GC.AddMemoryPressure(pressure);
        }
        catch (Exception exception) when (exception is OutOfMemoryException or OverflowException)
        {
            throw new GptException("OutOfMemory", GptErrorKind.LimitExceeded,
                $"{length * (double)sizeof(float) / (1L << 30):0.00} GiB could not be allocated. "
                + "Use a smaller model, batch size or sequence length.", exception);
        }
    }

    /// <summary>
    /// The bytes of all blocks that this thread has allocated, freed or not: <see cref="GC.GetAllocatedBytesForCurrentThread"/> does not
    /// count them.
    /// </summary>
    internal static long AllocatedBytesForCurrentThread => allocatedBytes;

    /// <summary>The number of floats.</summary>
    public nint Length { get; }

    /// <summary>The first float. Valid as long as a lease is held, or until the block is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The block was disposed.</exception>
    public float* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return start;
        }
    }

    /// <summary>Keeps the memory until the lease ends, even where the block is disposed meanwhile.</summary>
    /// <exception cref="ObjectDisposedException">The block was disposed.</exception>
    public MemoryLease Lease() => new(this);

    /// <summary>Never frees the memory: a lease without an end. Nothing happens where the block was disposed.</summary>
    public void KeepForever()
    {
        try
        {
            _ = Lease();
        }
        catch (ObjectDisposedException)
        {
            // Its user meets the same exception, unless it has a pointer already; then its own lease has kept the block until now.
        }
    }

    /// <summary>
    /// A system may promise memory that it does not have, and kill the process that uses it. Of the memory of a container .NET counts
    /// three quarters as its own.
    /// </summary>
    private static void RequireRoom(nuint byteCount)
    {
        if (byteCount / 4 * 3 > (nuint)HeapLimit.AvailableBytes)
            throw new OutOfMemoryException();
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        Interlocked.Add(ref liveBytes, -(Length * sizeof(float)));
        if (pressure > 0)
            GC.RemoveMemoryPressure(pressure);
        return true;
    }
}
