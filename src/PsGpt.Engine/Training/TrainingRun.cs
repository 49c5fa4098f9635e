using PsGpt.Data;
using PsGpt.Model;

namespace PsGpt.Training;

/// <summary>
/// Trains a model on random windows of a dataset and measures it on what is held out. Everything that can be wrong is
/// checked before the first step.
/// </summary>
public sealed class TrainingRun : IDisposable
{
    private readonly TrainingRunOptions options;
    private readonly Trainer trainer;
    private readonly RandomBatcher batcher;
    private readonly TokenBatch[] validation;

    /// <summary>Prepares a run.</summary>
    /// <param name="model">The model, trained in place; it must outlive the run.</param>
    /// <param name="dataset">What to train on; it must outlive the run.</param>
    /// <param name="options">The run.</param>
    /// <param name="cancellationToken">Stops the check of the tokens.</param>
    /// <exception cref="GptException">
    /// <c>TrainingRunOptionsInvalid</c>, <c>TrainerOptionsInvalid</c>, <c>TokenizerMismatch</c>,
    /// <c>SequenceTooLong</c>, <c>BatchShapeInvalid</c>, <c>TooFewTokens</c>, <c>TokenOutsideVocabulary</c>, <c>OutOfMemory</c>.
    /// </exception>
    public TrainingRun(GptModel model, TokenDataset dataset, TrainingRunOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        model.RequireTokenizer(dataset.TokenizerName);
        TokenCheck.RequireInVocabulary(dataset.Training, model.Configuration.VocabularySize, cancellationToken);
        TokenCheck.RequireInVocabulary(dataset.Validation, model.Configuration.VocabularySize, cancellationToken);
        this.options = options;
        batcher = new RandomBatcher(dataset.Training, dataset.TokenizerName, options.BatchSize, options.SequenceLength, options.Seed);
        validation = ValidationBatches(dataset);
        trainer = new Trainer(model, options.Trainer);
        trainer.Prepare(options.BatchSize, options.SequenceLength);
    }

    /// <summary>Whether the loss on held-out text is measured: where it is asked for, and there is enough of it for one row.</summary>
    public bool MeasuresValidation => validation.Length > 0;

    /// <summary>
    /// The steps, each done when it is asked for: stop asking, and the model stands at the last one. Enumerate once.
    /// </summary>
    /// <exception cref="GptException"><c>TrainingDiverged</c>; the model is as it was before the step.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; the model is as it was before the step.</exception>
    public IEnumerable<TrainingStep> Steps(CancellationToken cancellationToken = default)
    {
        for (var done = 1; done <= options.StepCount; done++)
        {
            var step = trainer.Step(batcher.Next(), cancellationToken);
            var isMeasured = MeasuresValidation && (done % options.ValidationInterval == 0 || done == options.StepCount);
            yield return isMeasured ? step with { ValidationLoss = MeasureValidation(cancellationToken) } : step;
        }
    }

    /// <summary>Frees the working memory; the model and its training state stay.</summary>
    public void Dispose() => trainer.Dispose();

    private float MeasureValidation(CancellationToken cancellationToken) =>
        validation.Average(batch => trainer.ComputeLoss(batch, cancellationToken));

    /// <summary>The same windows at every measurement, so that the losses can be compared.</summary>
    private TokenBatch[] ValidationBatches(TokenDataset dataset)
    {
        if (options.ValidationInterval == 0 || dataset.Validation.Count <= options.SequenceLength)
            return [];
        var windows = new RandomBatcher(dataset.Validation, dataset.TokenizerName, options.BatchSize, options.SequenceLength, options.Seed + 1);
        return [.. Enumerable.Range(0, options.ValidationBatchCount).Select(_ => windows.Next())];
    }
}
