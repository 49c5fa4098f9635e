using PsGpt.Communication;
using PsGpt.Data;
using PsGpt.Model;

namespace PsGpt.Training;

/// <content>The steps, one after the other.</content>
public sealed partial class TrainingRun
{
    /// <summary>
    /// The steps, each done when it is asked for: stop asking, and the model stands at the last one. Enumerate once. Where several
    /// processes train together, all of them end with the first that stops asking or is cancelled, each after the same step.
    /// </summary>
    /// <exception cref="GptException">
    /// <c>TrainingDiverged</c>, <c>LearningRateInvalid</c>; the model is as it was before the step. <c>RanksDiffer</c>: the processes have
    /// different models, options or texts.
    /// </exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; the model is as it was before the step.</exception>
    public IEnumerable<TrainingStep> Steps(CancellationToken cancellationToken = default)
    {
        OptionCheck.OfRun.Require(
            options.SampleInterval == 0 || Sampler is not null || communicator.Rank > 0, $"nothing writes the samples");
        if (communicator.Size > 1)
            RunFingerprint.RequireSame(communicator, Model, Dataset, options);
        clock.Start();

        // The others would wait for a process that is cancelled within a step.
        var withinStep = communicator.Size == 1 ? cancellationToken : default;
        BeginAverage();
        var initial = options.ValidateFirst && MeasuresValidation && DoneStepCount == 0 ? MeasureValidation(withinStep) : (float?)null;
        var isAskedFor = true;
        try
        {
            for (var isOver = IsOver(); !isOver && !earlyStop.IsDue;)
            {
                if (communicator.Any(cancellationToken.IsCancellationRequested))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield break;
                }

                var step = TakeStep(initial, withinStep, out isOver);
                isAskedFor = false;
                yield return step;
                isAskedFor = true;
            }
        }
        finally
        {
            if (!isAskedFor)
                communicator.Any(true);
            ShowAverage();
        }
    }

    /// <summary>
    /// Puts the average of the weights into the model, where there is one, until the next step. Collective; without effect after a rank
    /// has failed.
    /// </summary>
    internal void ShowAverage()
    {
        if (!IsInterrupted)
            average?.Put(average: true);
    }

    /// <summary>A run that begins averages the model as it stands; one that continues, as it stood.</summary>
    private void BeginAverage()
    {
        var state = trainer.State;
        if (!isResumed)
            state.RemoveMoment(WeightAverage.MomentName);
        if (options.EmaDecay > 0)
        {
            average = trainer.AverageWeights(options.EmaDecay);
        }
        else if (state.Moments.ContainsKey(WeightAverage.MomentName))
        {
            using (var former = trainer.AverageWeights(decay: 0))
                former.Put(average: false);
            state.RemoveMoment(WeightAverage.MomentName);
        }
    }

    private bool IsOver() =>
        DoneStepCount >= PlannedStepCount
        || (options.MaxMinutes is { } minutes && communicator.Any(communicator.Rank == 0 && ElapsedSeconds >= 60 * minutes));

    private TrainingStep TakeStep(float? initialLoss, CancellationToken cancellationToken, out bool isOver)
    {
        try
        {
            var step = UpdateModel(cancellationToken);
            isOver = IsOver();
            if (DoneStepCount == 1)
                step = step with { InitialValidationLoss = initialLoss };
            var isMeasured = MeasuresValidation && (DoneStepCount % options.ValidationInterval == 0 || isOver);
            var isSampled = options.SampleInterval > 0 && DoneStepCount % options.SampleInterval == 0;
            if (isMeasured || isSampled)
                ShowAverage();
            if (isMeasured)
                step = Measure(step, cancellationToken);
            if (isSampled && communicator.Rank == 0)
                step = step with { Sample = Sampler!(step.Step, cancellationToken) };
            isOver |= communicator.Any(observers.Observe(step, trainer.Gradients, cancellationToken));
            return step;
        }
        catch (Exception exception) when (communicator.Size > 1 && !RankAgreement.IsOfAllRanks(exception))
        {
            IsInterrupted = true;
            throw;
        }
    }

    private TrainingStep UpdateModel(CancellationToken cancellationToken)
    {
        trainer.LearningRate = plan.RateAt(DoneStepCount + 1);
        average?.Put(average: false);
        source.Step = DoneStepCount + 1;
        var step = trainer.Step(source, options.Accumulation, cancellationToken);
        DoneStepCount++;
        average?.Add(DoneStepCount);
        batchCount += (long)options.Accumulation * communicator.Size;
        (position, epoch) = (source.Position, source.Epoch);
        return step with { Epoch = epoch };
    }

    private TrainingStep Measure(TrainingStep step, CancellationToken cancellationToken)
    {
        step = step with
        {
            ValidationLoss = MeasureValidation(cancellationToken),
            TrainingLoss = options.EstimateTrainingLoss ? evaluation.MeasureTraining(batch => SumLosses(batch, cancellationToken)) : null,
        };
        earlyStop.Add(step.ValidationLoss!.Value);
        if (KeepsBest && earlyStop.EvaluationsWithoutImprovement == 0)
            best.Keep();
        return step;
    }

    private float MeasureValidation(CancellationToken cancellationToken) =>
        evaluation.MeasureValidation(batch => SumLosses(batch, cancellationToken));

    /// <summary>Measures in the memory of the training, unless that has short rows now: it holds the gradients of the step.</summary>
    private double SumLosses(TokenBatch batch, CancellationToken cancellationToken)
    {
        var pass = trainer.HasPassFor(batch)
            ? trainer.PassFor(batch.BatchSize, batch.SequenceLength)
            : evaluationPass ??= new GptPass(Model, batch.BatchSize, batch.SequenceLength, forTraining: false);
        return pass.SumLosses(batch, cancellationToken);
    }
}
