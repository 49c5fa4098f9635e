using PsGpt.Data;
using PsGpt.Model;

namespace PsGpt.Evaluation;

/// <summary>
/// Lets a model answer examples of multiple choice, as llm.c scores HellaSwag: the model reads the context with each ending, and the
/// losses of the tokens of the ending count. Not for use from several threads at once.
/// </summary>
public sealed class ChoiceScorer : IDisposable
{
    private const int ExamplesTogether = 8;

    private readonly GptModel model;
    private readonly WindowScorer scorer;

    /// <summary>Prepares for examples.</summary>
    /// <param name="model">The model; it must outlive the scorer.</param>
    public ChoiceScorer(GptModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        (this.model, scorer) = (model, new WindowScorer(model));
    }

    /// <summary>
    /// Scores examples, several at a time, in their order. Where an example is longer than the context of the model, the beginning of
    /// its context is left out, as lm-evaluation-harness does.
    /// </summary>
    /// <exception cref="GptException">
    /// <c>SequenceTooLong</c>: an ending alone is longer than the context; <c>TokenOutsideVocabulary</c>, <c>OutOfMemory</c>.
    /// </exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public IEnumerable<ChoiceScore> Score(IEnumerable<ChoiceExample> examples, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(examples);
        foreach (var group in examples.Chunk(ExamplesTogether))
        {
            var windows = group.Select(example => example.Endings.Select(ending => WindowOf(example, ending)).ToArray()).ToArray();
            scorer.Score(windows.SelectMany(endings => endings), cancellationToken);
            foreach (var (example, endings) in group.Zip(windows))
                yield return ScoreOf(example, endings);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => scorer.Dispose();

    private static ChoiceScore ScoreOf(ChoiceExample example, ScoringWindow[] endings)
    {
        double[] sums = [.. endings.Select(ending => ending.Surprisals.Sum(surprisal => (double)surprisal))];
        double[] losses = [.. endings.Zip(sums, (ending, sum) => sum / ending.Surprisals.Length)];
        return new ChoiceScore
        {
            Index = example.Index, Label = example.Label, Sum = sums, Loss = losses,
            Prediction = IndexOfLowest(sums), NormalizedPrediction = IndexOfLowest(losses),
        };
    }

    private static int IndexOfLowest(double[] values) => Array.IndexOf(values, values.Min());

    private ScoringWindow WindowOf(ChoiceExample example, int[] ending)
    {
        var T = model.Configuration.ContextLength;
        TokenCheck.RequireInVocabulary(example.Context, model.Configuration.VocabularySize);
        TokenCheck.RequireInVocabulary(ending, model.Configuration.VocabularySize);
        if (ending.Length > T)
        {
            throw new GptException("SequenceTooLong", GptErrorKind.LimitExceeded,
                $"An ending of example {example.Index} has {ending.Length} tokens, but the context of the model '{model.Name}' is {T}. "
                + "Leave the example out, or use a model with a longer context.");
        }

        var context = example.Context.AsSpan();
        context = context[Math.Max(context.Length + ending.Length - T - 1, 0)..];
        return new ScoringWindow([.. context, .. ending], context.Length);
    }
}
