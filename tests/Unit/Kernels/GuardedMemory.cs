using System.Runtime.InteropServices;

namespace PsGpt.Unit.Kernels;

/// <summary>
/// Floats whose end is the end of a page behind which nothing may be read: a kernel that reads too far ends the process there, as it would
/// by bad luck in any other. On systems other than Linux it is memory like any other.
/// </summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int ReadWrite = 3;
    private const int None = 0;
    private const int PrivateAnonymous = 0x22;

    private readonly byte* start;
    private readonly nuint byteCount;

    /// <summary>Copies floats to such memory.</summary>
    public GuardedMemory(ReadOnlySpan<float> values)
    {
        var pageSize = (nuint)Environment.SystemPageSize;
        var needed = (((nuint)values.Length * sizeof(float)) + pageSize - 1) / pageSize * pageSize;
        byteCount = needed + pageSize;
        if (OperatingSystem.IsLinux())
        {
            start = Map(null, byteCount, ReadWrite, PrivateAnonymous, -1, 0);
            Assert.NotEqual(-1, (nint)start);
            Assert.Equal(0, Protect(start + needed, pageSize, None));
        }
        else
        {
            start = (byte*)NativeMemory.AllocZeroed(byteCount);
        }

        Pointer = (float*)(start + needed) - values.Length;
        Length = values.Length;
        values.CopyTo(Span);
    }

    public float* Pointer { get; }

    public int Length { get; }

    public Span<float> Span => new(Pointer, Length);

    public void Dispose()
    {
        if (OperatingSystem.IsLinux())
            _ = Unmap(start, byteCount);
        else
            NativeMemory.Free(start);
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial byte* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
