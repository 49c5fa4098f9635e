using PsGpt.Tensors;

namespace PsGpt.Kernels.Threading;

/// <summary>
/// Working memory of the current thread, for packed panels and partial sums. It grows to the largest request and stays, so that a
/// second step allocates nothing. Each buffer has one owner (<see cref="ScratchSlot"/>), since kernels call each other.
/// </summary>
internal static unsafe class Scratch
{
    [ThreadStatic]
    private static NativeBlock?[]? blocks;

    [ThreadStatic]
    private static long[]? stamps;

    private static long lastStamp;

    /// <summary>
    /// At least <paramref name="length"/> floats, aligned to 64 bytes, with arbitrary content; valid until the owner asks again.
    /// </summary>
    public static float* Get(ScratchSlot slot, nint length)
    {
        blocks ??= new NativeBlock?[Enum.GetValues<ScratchSlot>().Length];
        ref var block = ref blocks[(int)slot];
        if (block is null || block.Length < length)
        {
            // If there is no memory for the new block, the old one must not be found again.
            block?.Dispose();
            block = null;
            block = new NativeBlock(length);
        }

        return block.Pointer;
    }

    /// <summary>A number that marks the content of a buffer, and that no other content has.</summary>
    public static long NextStamp() => Interlocked.Increment(ref lastStamp);

    /// <summary>The buffer as from <see cref="Get(ScratchSlot, nint)"/>, for content that is marked by a stamp.</summary>
    /// <param name="isFilled">Whether this thread has asked with the same stamp before, and so has filled the buffer.</param>
    public static float* Get(ScratchSlot slot, nint length, long stamp, out bool isFilled)
    {
        stamps ??= new long[Enum.GetValues<ScratchSlot>().Length];
        var memory = Get(slot, length);
        isFilled = stamps[(int)slot] == stamp;
        stamps[(int)slot] = stamp;
        return memory;
    }
}
