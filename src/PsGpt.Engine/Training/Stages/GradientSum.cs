using PsGpt.Kernels;
using PsGpt.Model;

namespace PsGpt.Training;

/// <summary>The sum of the gradients of some batches, from which a step takes their mean.</summary>
internal sealed class GradientSum : IDisposable
{
    private double lossSum;

    /// <summary>The sum; null before the first batch.</summary>
    public Gradients? Gradients { get; private set; }

    /// <summary>The number of the step that the gradients belong to.</summary>
    public int Step { get; private set; }

    /// <summary>The number of batches.</summary>
    public int BatchCount { get; private set; }

    /// <summary>The number of their tokens.</summary>
    public long TokenCount { get; private set; }

    /// <summary>The time of their passes.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>The mean loss of the batches.</summary>
    public float Loss => (float)(lossSum / BatchCount);

    /// <summary>Takes the gradients of a batch and adds them.</summary>
    /// <exception cref="GptException"><c>StageRepeated</c>, <c>StageOutOfOrder</c>.</exception>
    public void Add(BackwardResult result, GptModel model, int step, IKernels kernels)
    {
        var added = result.Take(model, step);
        if (Step != step)
            Dispose();
        if (Gradients is null)
        {
            Gradients = added;
        }
        else
        {
            Gradients.Add(added, kernels);
            added.Dispose();
        }

        Step = step;
        BatchCount++;
        TokenCount += result.TokenCount;
        lossSum += result.Loss;
        Elapsed += result.Elapsed;
    }

    /// <summary>Frees the gradients; others can be added then.</summary>
    public void Dispose()
    {
        Gradients?.Dispose();
        Gradients = null;
        (BatchCount, TokenCount, lossSum, Elapsed) = (0, 0, 0, TimeSpan.Zero);
    }
}
