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
    internal IReadOnlyDictionary<string, TensorSet> Moments => Volatile.Read(ref moments);

    /// <inheritdoc cref="Moments"/>
    public IReadOnlyDictionary<string, TensorSet> GetMoments() => Moments;

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

    /// <summary>Frees a moment, if there is one of that name, when its last lease has ended.</summary>
    internal void RemoveMoment(string name)
    {
        lock (gate)
        {
            if (!moments.TryGetValue(name, out var moment))
                return;
            Volatile.Write(ref moments, moments.Where(other => other.Key != name).ToDictionary(StringComparer.Ordinal));
            moment.Dispose();
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

    /// <summary>
    /// Takes step and moments of another state. Moments that this one lacks are handed over; the others are copied, since an optimizer may
    /// hold them, and become 0 where the other state has none.
    /// </summary>
    /// <exception cref="GptException"><c>MomentsDivided</c>.</exception>
    /// <exception cref="ObjectDisposedException">This state was disposed.</exception>
    internal void TakeFrom(TrainingState other)
    {
        using var leases = Lease();
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            var copied = other.moments.Where(moment => moments.ContainsKey(moment.Key)).ToDictionary();
            foreach (var (name, given) in copied)
                RequireParts(moments[name], given.Shapes);
            foreach (var (name, moment) in moments)
            {
                if (copied.TryGetValue(name, out var given))
                    given.CopyTo(moment);
                else
                    moment.Clear();
            }

            Volatile.Write(ref moments, moments.Concat(other.moments.ExceptBy(copied.Keys, moment => moment.Key)).ToDictionary());
            Volatile.Write(ref other.moments, copied);
            Step = other.Step;
        }
    }

    /// <summary>Frees the moments. Those that a trainer uses are freed when the trainer is disposed.</summary>
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
