using System.Diagnostics;

namespace PsGpt.Training;

/// <content>The last stage of a step that is taken apart.</content>
public sealed unsafe partial class Trainer
{
    private readonly GradientSum sum = new();

    /// <summary>The number of batches whose gradients wait for <see cref="Update(CancellationToken)"/>.</summary>
    public int AccumulatedCount => sum.BatchCount;

    /// <summary>Takes the gradients of a batch for the next update. The memory of one set of gradients is enough for any number.</summary>
    /// <param name="result">The gradients, which are taken out of it.</param>
    /// <exception cref="GptException">
    /// <c>StageRepeated</c>: they were used already. <c>StageOutOfOrder</c>: they belong to another model, or not to its next step.
    /// </exception>
    public void Accumulate(BackwardResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        sum.Add(result, Model, State.Step + 1, kernels);
    }

    /// <summary>
    /// Updates the model by the mean of the gradients that were accumulated, and frees them. If it throws, the model is as it was
    /// before.
    /// </summary>
    /// <param name="cancellationToken">Stops the step before the update.</param>
    /// <exception cref="GptException">
    /// <c>StageOutOfOrder</c>: there are no gradients for the next step. <c>TrainingDiverged</c>: the loss or the gradient is not a finite
    /// number.
    /// </exception>
    /// <exception cref="OperationCanceledException">The step was cancelled.</exception>
    public TrainingStep Update(CancellationToken cancellationToken = default)
    {
        if (sum.Gradients is not { } gradients || sum.Step != State.Step + 1)
        {
            throw new GptException("StageOutOfOrder", GptErrorKind.InvalidArgument,
                $"There are no gradients for step {State.Step + 1} of the model '{Model.Name}'. Send a batch forward and backward first.");
        }

        try
        {
            var start = Stopwatch.GetTimestamp() - (long)(sum.Elapsed.TotalSeconds * Stopwatch.Frequency);
            return Update(gradients, sum.Loss, sum.BatchCount, sum.TokenCount, start, cancellationToken);
        }
        finally
        {
            sum.Dispose();
        }
    }

    /// <summary>Updates the model by the gradients of a batch.</summary>
    /// <inheritdoc cref="Accumulate" path="/param|/exception"/>
    public TrainingStep Update(BackwardResult result, CancellationToken cancellationToken = default)
    {
        Accumulate(result);
        return Update(cancellationToken);
    }
}
