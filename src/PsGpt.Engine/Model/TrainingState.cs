using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>The state of a training between steps: the number of finished steps and the moments of the optimizer.</summary>
public sealed class TrainingState : IDisposable
{
    private readonly Lock gate = new();

    // Replaced as a whole, so that it can be read while another thread adds to it.
    private Dictionary<string, TensorSet> moments = new(StringComparer.Ordinal);
    private bool isDisposed;

    /// <summary>The number of finished steps.</summary>
    public int Step { get; internal set; }

    /// <summary>
    /// The optimizer's moments by name, such as <c>adamw.m</c>. Each set is laid out as the parameters are; where several processes train
    /// together, it holds the part of each tensor that this process updates.
    /// </summary>
    public IReadOnlyDictionary<string, TensorSet> Moments => Volatile.Read(ref moments);

    /// <summary>The moment of that name, made of zeros where there is none yet.</summary>
    /// <param name="name">The name.</param>
    /// <param name="shapes">The shapes of the model's parameters, or of parts of them.</param>
    /// <exception cref="GptException"><c>OutOfMemory</c>, <c>MomentsDivided</c>: the state has other parts of them.</exception>
    /// <exception cref="ObjectDisposedException">The state was disposed.</exception>
    public TensorSet GetOrAddMoment(string name, IReadOnlyList<TensorShape> shapes)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            if (moments.TryGetValue(name, out var moment))
            {
                RequireParts(moment, shapes);
                return moment;
            }

            moment = new TensorSet(shapes);
            Volatile.Write(ref moments, new Dictionary<string, TensorSet>(moments, StringComparer.Ordinal) { [name] = moment });
            return moment;
        }
    }

    private static void RequireParts(TensorSet moment, IReadOnlyList<TensorShape> shapes)
    {
        if (moment.Shapes.Zip(shapes).All(pair => pair.First.Start == pair.Second.Start && pair.First.Length == pair.Second.Length))
            return;
        throw new GptException("MomentsDivided", GptErrorKind.InvalidData,
            "This training began on another number of processes, and this process holds other parts of the optimizer's moments. "
            + "Continue with as many processes, or from a checkpoint.");
    }

    /// <summary>Leases all moments.</summary>
    /// <exception cref="ObjectDisposedException">The state was disposed.</exception>
    internal MemoryLeases Lease()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            var leases = new MemoryLeases();
            foreach (var moment in moments.Values)
                leases.Add(moment);
            return leases;
        }
    }

    /// <summary>Frees the moments; those that a trainer uses when it is disposed.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
            foreach (var moment in moments.Values)
                moment.Dispose();
            Volatile.Write(ref moments, []);
        }
    }
}
