using System.Diagnostics;
using PsGpt.Communication;
using PsGpt.Kernels;
using PsGpt.Model;

namespace PsGpt.Training;

/// <content>The end of a step: the update by the gradients.</content>
public sealed unsafe partial class Trainer
{
    private GradientExchange? exchange;

    /// <summary>Updates the model by the gradients that were added up.</summary>
    /// <param name="gradients">Their sum over this process's batches.</param>
    /// <param name="loss">The mean loss of this process's batches.</param>
    /// <param name="batchCount">The number of this process's batches.</param>
    /// <param name="tokenCount">The number of tokens of this process's batches.</param>
    /// <param name="start">The time stamp of the beginning of the step.</param>
    /// <param name="cancellationToken">Stops the step before the update.</param>
    private TrainingStep Update(
        Gradients gradients, float loss, int batchCount, long tokenCount, long start, CancellationToken cancellationToken)
    {
        var step = State.Step + 1;
        var totalCount = batchCount * communicator.Size;
        EndExchange(gradients);
        Span<double> sums = [loss, SquaredNorm(gradients)];
        communicator.AllReduce(sums);
        loss = (float)(sums[0] / communicator.Size);
        var norm = (float)(Math.Sqrt(sums[1]) / totalCount);
        RequireFinite(step, loss, norm);
        optimizer ??= OptimizerCatalog.Registry.Get(Options.Optimizer).Create(setup);
        InStep(cancellationToken).ThrowIfCancellationRequested();
        var isSkipped = Outliers?.IsOutlier(loss, norm) ?? false;
        using (Model.BeginUpdate())
        {
            if (!isSkipped)
            {
                optimizer.Update(gradients, UpdateNumbers(step, ClippingScale(norm) / totalCount, cancellationToken));
                setup.Shards?.SpreadParameters(Model.Weights);
            }

            State.Step = step;
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        return new TrainingStep
        {
            Step = step,
            Loss = loss,
            LearningRate = LearningRate,
            GradientNorm = norm,
            TokensPerSecond = tokenCount * communicator.Size / elapsed.TotalSeconds,
            Milliseconds = elapsed.TotalMilliseconds,
            IsSkipped = isSkipped,
            PeakShare = 6.0 * parameterCount * tokenCount / elapsed.TotalSeconds / 1e9 / PeakFlops.GigaOperationsPerSecond,
        };
    }

    /// <summary>Begins to sum gradients over the ranks. The result takes each layer when it is final; null for a process alone.</summary>
    private Action<int>? BeginExchange(Gradients gradients)
    {
        exchange?.Dispose();
        exchange = setup.Shards is { } shards ? new GradientExchange(shards, gradients, Options.GradientFormat) : null;
        return exchange is null ? null : exchange.Add;
    }

    private void EndExchange(Gradients gradients)
    {
        // Gradients of stages were made before anything could travel.
        if (exchange is null && BeginExchange(gradients) is { } layerDone)
        {
            for (var layer = Model.Configuration.LayerCount - 1; layer >= 0; layer--)
                layerDone(layer);
        }

        exchange?.Finish();
        exchange?.Dispose();
        exchange = null;
    }

    private static void RequireFinite(int step, float loss, float norm)
    {
        if (float.IsFinite(loss) && float.IsFinite(norm))
            return;
        throw RankAgreement.OfAllRanks(new GptException("TrainingDiverged", GptErrorKind.InvalidData, FormattableString.Invariant(
            $"Step {step} has a loss of {loss} and a gradient norm of {norm}; the model is as it was before the step. ")
            + "Use a smaller learning rate, or look for NaN in the weights."));
    }

    /// <summary>The sum of the squares of all gradients that lead to an update.</summary>
    private double SquaredNorm(Gradients gradients)
    {
        var sum = 0.0;
        for (var i = 0; i < setup.Parts.Count; i++)
            sum += gradients.SquaredNorm(setup.Parts[i], kernels);
        return sum;
    }

    private OptimizerStep UpdateNumbers(int step, float gradientScale, CancellationToken cancellationToken) =>
        new(step, LearningRate, gradientScale) { Seed = Options.Seed, CancellationToken = cancellationToken };

    private float ClippingScale(float norm) =>
        Options.ClipNorm > 0 && norm > Options.ClipNorm ? Options.ClipNorm / norm : 1;
}
