using PsGpt.Tensors;

namespace PsGpt.Kernels;

/// <summary>
/// Working memory of the current thread, for packed panels and partial sums. It grows to what was asked for and stays, so
/// that a second step allocates nothing. Each purpose has a slot of its own, since kernels call each other.
/// </summary>
internal static unsafe class Scratch
{
    [ThreadStatic]
    private static NativeBlock?[]? blocks;

    /// <summary>At least <paramref name="length"/> floats, aligned to 64 bytes, with arbitrary content; valid until the slot is asked for again.</summary>
    public static float* Get(ScratchSlot slot, nint length)
    {
        blocks ??= new NativeBlock?[Enum.GetValues<ScratchSlot>().Length];
        ref var block = ref blocks[(int)slot];
        if (block is null || block.Length < length)
        {
            block?.Dispose();
            block = new NativeBlock(length);
        }

        return block.Pointer;
    }
}
