using System.Runtime.InteropServices;

namespace PsGpt.Tensors;

/// <summary>
/// Keeps native memory until the lease ends, even where the owner is disposed meanwhile. End it exactly once: memory whose lease never
/// ends is never freed.
/// </summary>
public readonly struct MemoryLease : IDisposable
{
    private readonly SafeHandle? memory;

    internal MemoryLease(SafeHandle memory)
    {
        var isAdded = false;
        memory.DangerousAddRef(ref isAdded);
        this.memory = memory;
    }

    /// <summary>Ends the lease.</summary>
    public void Dispose() => memory?.DangerousRelease();
}
