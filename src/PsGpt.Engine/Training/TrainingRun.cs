using PsGpt.Data;
using PsGpt.Model;

namespace PsGpt.Training;

/// <summary>
/// Trains a model on random windows of a text and measures it on the text's held-out end. Everything that can be wrong is
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
    /// <param name="tokens">The text. The run keeps the memory; do not change it.</param>
    /// <param name="tokenizerName">The tokenizer that made the tokens, or null where it is not known.</param>
    /// <param name="options">The run.</param>
    /// <exception cref="GptException">
    /// <c>TrainingRunOptionsInvalid</c>, <c>TrainerOptionsInvalid</c>, <c>ValidationFractionInvalid</c>, <c>TokenizerMismatch</c>,
    /// <c>SequenceTooLong</c>, <c>BatchShapeInvalid</c>, <c>TooFewTokens</c>, <c>TokenOutsideVocabulary</c>, <c>OutOfMemory</c>.
    /// </exception>
    public TrainingRun(GptModel model, ReadOnlyMemory<int> tokens, string? tokenizerName, TrainingRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        model.RequireTokenizer(tokenizerName);
        TokenCheck.RequireInVocabulary(tokens.Span, model.Configuration.VocabularySize);
        this.options = options;
        var split = Split(tokens);
        batcher = new RandomBatcher(split.Training, tokenizerName, options.BatchSize, options.SequenceLength, options.Seed);
        validation = ValidationBatches(split.Validation, tokenizerName);
        trainer = new Trainer(model, options.Trainer);
        trainer.Prepare(options.BatchSize, options.SequenceLength);
    }

    /// <summary>Whether the loss on held-out text is measured.</summary>
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

    /// <summary>A text whose held-out end would be too short for one row is trained on whole: better a run without measurements than none.</summary>
    private HeldOutSplit Split(ReadOnlyMemory<int> tokens)
    {
        var split = HeldOutSplit.Of(tokens, options.ValidationInterval == 0 ? 0 : options.ValidationFraction);
        return split.Validation.Length > options.SequenceLength ? split : HeldOutSplit.Of(tokens, 0);
    }

    /// <summary>The same windows at every measurement, so that the losses can be compared.</summary>
    private TokenBatch[] ValidationBatches(ReadOnlyMemory<int> tokens, string? tokenizerName)
    {
        if (tokens.IsEmpty)
            return [];
        var windows = new RandomBatcher(tokens, tokenizerName, options.BatchSize, options.SequenceLength, options.Seed + 1);
        return [.. Enumerable.Range(0, options.ValidationBatchCount).Select(_ => windows.Next())];
    }
}
