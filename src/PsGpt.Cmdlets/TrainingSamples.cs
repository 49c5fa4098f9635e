using PsGpt.Data;
using PsGpt.Generation;
using PsGpt.Model;

namespace PsGpt.Commands;

/// <summary>Writes the samples of a run: a few words of the model that is trained.</summary>
internal sealed class TrainingSamples : IDisposable
{
    private const int MaxTokens = 48;
    private const int PromptLength = 4;

    private readonly TextGenerator generator;
    private readonly string prompt;
    private readonly ulong seed;

    /// <param name="prompt">The text to continue; null for the first tokens of the text.</param>
    /// <exception cref="GptException">
    /// <c>TokenizerMissing</c>, <c>PromptTooLong</c>, <c>TextOutsideVocabulary</c>, <c>OutOfMemory</c>: before the first step.
    /// </exception>
    public TrainingSamples(GptModel model, TokenDataset dataset, string? prompt, ulong seed)
    {
        generator = new TextGenerator(model);
        this.seed = seed;
        try
        {
            this.prompt = prompt ?? Beginning(model, dataset);

            // A prompt that cannot be continued is reported now.
            generator.Stream(this.prompt, Options(0));
        }
        catch
        {
            generator.Dispose();
            throw;
        }
    }

    /// <summary>The prompt and its continuation by the model as it is after a step.</summary>
    public string Write(int step, CancellationToken cancellationToken) =>
        prompt + generator.Complete(prompt, Options(step), cancellationToken);

    public void Dispose() => generator.Dispose();

    private SamplingOptions Options(int step) => new() { MaxTokens = MaxTokens, Seed = unchecked(seed + (ulong)step) };

    private static string Beginning(GptModel model, TokenDataset dataset)
    {
        var ids = new int[Math.Min(Math.Min(PromptLength, model.Configuration.ContextLength), dataset.Training.Count)];
        dataset.Training.CopyTo(0, ids);
        var text = model.RequireTokenizer().Decode(ids);
        return text.Length > 0 ? text : "\n";
    }
}
