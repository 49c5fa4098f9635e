using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>What training keeps with a model between steps: how far it is, and what the optimizer remembers.</summary>
public sealed class TrainingState : IDisposable
{
    private readonly Dictionary<string, TensorSet> moments = new(StringComparer.Ordinal);

    /// <summary>The number of finished steps.</summary>
    public int Step { get; set; }

    /// <summary>The optimizer's memory by name, such as <c>adamw.m</c>; each set is laid out as the parameters are.</summary>
    public IReadOnlyDictionary<string, TensorSet> Moments => moments;

    /// <summary>The moment of that name, made of zeros where there is none yet.</summary>
    public TensorSet GetOrAddMoment(string name, IReadOnlyList<TensorShape> shapes)
    {
        if (!moments.TryGetValue(name, out var moment))
            moments.Add(name, moment = new TensorSet(shapes));
        return moment;
    }

    /// <summary>Frees the moments.</summary>
    public void Dispose()
    {
        foreach (var moment in moments.Values)
            moment.Dispose();
        moments.Clear();
    }
}
