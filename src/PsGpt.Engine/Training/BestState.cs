using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Training;

/// <summary>A copy in memory of a model's weights, of the optimizer's moments and of the step, as they were at the lowest loss.</summary>
internal sealed class BestState(GptModel model) : IDisposable
{
    private readonly Dictionary<string, TensorSet> moments = [];
    private TensorSet? weights;
    private int step;

    /// <summary>Copies the model's state.</summary>
    /// <exception cref="GptException"><c>OutOfMemory</c>.</exception>
    public void Keep()
    {
        model.Weights.CopyTo(weights ??= new TensorSet(model.Weights.Shapes));
        foreach (var (name, moment) in model.TrainingState.Moments)
        {
            if (!moments.TryGetValue(name, out var copy))
                moments.Add(name, copy = new TensorSet(moment.Shapes));
            moment.CopyTo(copy);
        }

        step = model.TrainingState.Step;
    }

    /// <summary>Puts the copy back into the model.</summary>
    /// <returns>Whether there was a copy.</returns>
    public bool Restore()
    {
        if (weights is null)
            return false;
        using var update = model.BeginUpdate();
        weights.CopyTo(model.Weights);
        foreach (var (name, copy) in moments)
            copy.CopyTo(model.TrainingState.Moments[name]);
        model.TrainingState.Step = step;
        return true;
    }

    public void Dispose()
    {
        weights?.Dispose();
        foreach (var moment in moments.Values)
            moment.Dispose();
    }
}
