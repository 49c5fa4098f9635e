namespace PsGpt.Tensors;

/// <summary>Leases on several sets that end together.</summary>
internal sealed class MemoryLeases : IDisposable
{
    private readonly List<MemoryLease> leases = [];

    /// <summary>Leases one more set.</summary>
    /// <exception cref="ObjectDisposedException">The set was disposed.</exception>
    public void Add(TensorSet set) => leases.Add(set.Lease());

    public void Dispose()
    {
        foreach (var lease in leases)
            lease.Dispose();
        leases.Clear();
    }
}
