using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>
/// Orders the use of a model by several threads. Whatever has begun holds a lease on the memory until it ends, and nothing begins after
/// <see cref="Close"/>.
/// </summary>
/// <remarks>
/// A reading section (one token, one batch, one tensor) runs beside others. An update waits for all of them and they wait for it, so
/// that each sees whole steps. Sections must not be nested: the inner one would wait for an update that waits for the outer one.
/// A training lasts for many updates, and a copy (an export, a crop) for many reads. They exclude each other with an error.
/// </remarks>
/// <param name="parameters">The model's memory.</param>
/// <param name="name">The model's name in messages.</param>
internal sealed class ModelGate(TensorSet parameters, Func<string> name)
{
    private readonly object monitor = new();
    private int readerCount;
    private int waitingUpdateCount;
    private bool isUpdating;
    private int copyCount;
    private bool isTraining;
    private bool isClosed;
    private long updateCount;

    /// <summary>The number of updates so far: where it has not changed, the parameters are the same.</summary>
    public long UpdateCount => Interlocked.Read(ref updateCount);

    /// <summary>Begins a section that reads parameters.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public Section BeginRead()
    {
        var lease = Lease();
        lock (monitor)
        {
            while ((isUpdating || waitingUpdateCount > 0) && !isClosed)
                Monitor.Wait(monitor);
            ThrowIfClosed(lease);
            readerCount++;
        }

        return new Section(this, lease, isUpdate: false);
    }

    /// <summary>Begins a section that writes parameters, when the last reader has finished.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public Section BeginUpdate()
    {
        var lease = Lease();
        lock (monitor)
        {
            waitingUpdateCount++;
            while ((isUpdating || readerCount > 0) && !isClosed)
                Monitor.Wait(monitor);
            waitingUpdateCount--;
            ThrowIfClosed(lease);
            isUpdating = true;
            updateCount++;
        }

        return new Section(this, lease, isUpdate: true);
    }

    /// <summary>Begins a training. A model has one at a time.</summary>
    /// <exception cref="GptException"><c>ModelInUse</c>.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public Occupation BeginTraining()
    {
        var lease = Lease();
        lock (monitor)
        {
            ThrowIfClosed(lease);
            if (isTraining || copyCount > 0)
            {
                lease.Dispose();
                throw InUse(isTraining
                    ? "is being trained already. Wait for the end of that training or stop it, or train another copy of the model"
                    : "is being exported or copied and cannot be trained now. Wait until that is done");
            }

            isTraining = true;
        }

        return new Occupation(this, lease, isTraining: true);
    }

    /// <summary>Begins a copy of the whole model, to a file or to another model. Several may run at once.</summary>
    /// <exception cref="GptException"><c>ModelInUse</c>.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public Occupation BeginCopy()
    {
        var lease = Lease();
        lock (monitor)
        {
            ThrowIfClosed(lease);
            if (isTraining)
            {
                lease.Dispose();
                throw InUse("is being trained and cannot be exported or copied now. "
                    + "Wait for the end of the training or stop it, or use one of its checkpoints");
            }

            copyCount++;
        }

        return new Occupation(this, lease, isTraining: false);
    }

    /// <summary>Refuses everything from now on. Memory that is leased is freed when its last lease ends.</summary>
    public void Close()
    {
        lock (monitor)
        {
            isClosed = true;
            Monitor.PulseAll(monitor);
        }
    }

    private MemoryLease Lease()
    {
        try
        {
            return parameters.Lease();
        }
        catch (ObjectDisposedException)
        {
            throw Disposed();
        }
    }

    private void ThrowIfClosed(MemoryLease lease)
    {
        if (!isClosed)
            return;
        lease.Dispose();
        throw Disposed();
    }

    private ObjectDisposedException Disposed() =>
        new(objectName: null, $"The model '{name()}' has been freed (Dispose). Load or make it again.");

    private GptException InUse(string problem) => new("ModelInUse", GptErrorKind.InUse, $"The model '{name()}' {problem}.");

    private void End(bool isUpdate)
    {
        lock (monitor)
        {
            if (isUpdate)
                isUpdating = false;
            else
                readerCount--;
            if (readerCount == 0)
                Monitor.PulseAll(monitor);
        }
    }

    private void Leave(bool wasTraining)
    {
        lock (monitor)
        {
            if (wasTraining)
                isTraining = false;
            else
                copyCount--;
        }
    }

    /// <summary>A short use of the parameters. End it exactly once.</summary>
    public readonly struct Section(ModelGate gate, MemoryLease lease, bool isUpdate) : IDisposable
    {
        public void Dispose()
        {
            gate.End(isUpdate);
            lease.Dispose();
        }
    }

    /// <summary>A long use of the whole model.</summary>
    public sealed class Occupation(ModelGate gate, MemoryLease lease, bool isTraining) : IDisposable
    {
        private int isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isOver, 1) != 0)
                return;
            gate.Leave(isTraining);
            lease.Dispose();
        }
    }
}
