using PsGpt.Data;
using PsGpt.Generation;
using PsGpt.Model;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>Lets a model write a few words every so many steps of its training.</summary>
internal sealed class TrainingSamples : IDisposable
{
    private const int MaxTokens = 48;
    private const int PromptLength = 4;

    private readonly TextGenerator generator;
    private readonly string prompt;
    private readonly int interval;
    private readonly ulong seed;

    /// <param name="prompt">What to continue; null for the first tokens of the text.</param>
    /// <exception cref="GptException"><c>TokenizerMissing</c>, <c>PromptTooLong</c>, <c>TextOutsideVocabulary</c>, <c>OutOfMemory</c>: before the first step.</exception>
    public TrainingSamples(GptModel model, TokenDataset dataset, int interval, string? prompt, ulong seed)
    {
        generator = new TextGenerator(model);
        (this.interval, this.seed) = (interval, seed);
        try
        {
            this.prompt = prompt ?? Beginning(model, dataset);

            // What is wrong with the prompt shows now.
            generator.Stream(this.prompt, Options(0));
        }
        catch
        {
            generator.Dispose();
            throw;
        }
    }

    /// <summary>The step with what the model writes after it, where it is its turn.</summary>
    /// <param name="done">The steps of the run that are done.</param>
    public TrainingStep AddTo(TrainingStep step, int done, CancellationToken cancellationToken) =>
        done % interval == 0 ? step with { Sample = prompt + generator.Complete(prompt, Options(step.Step), cancellationToken) } : step;

    public void Dispose() => generator.Dispose();

    private SamplingOptions Options(int step) => new() { MaxTokens = MaxTokens, Seed = unchecked(seed + (ulong)step) };

    private static string Beginning(GptModel model, TokenDataset dataset)
    {
        var ids = new int[Math.Min(Math.Min(PromptLength, model.Configuration.ContextLength), dataset.Training.Count)];
        dataset.Training.CopyTo(0, ids);
        var text = TokenizerChoice.Of(model).Decode(ids);
        return text.Length > 0 ? text : "\n";
    }
}
