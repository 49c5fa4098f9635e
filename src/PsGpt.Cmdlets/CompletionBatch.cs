using PsGpt.Generation;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Commands;

/// <summary>
/// Collects prompts until there are enough to be completed at the same time, and gives the completions in order. A prompt that fails
/// is an error of its own.
/// </summary>
/// <param name="cmdlet">Writes the completions and errors.</param>
internal sealed class CompletionBatch(GptCmdlet cmdlet) : IDisposable
{
    /// <summary>The prompts that are completed at the same time.</summary>
    private const int Size = 8;

    private readonly List<Prompt> waiting = [];
    private TextGenerator? generator;
    private GptModel? model;

    /// <summary>
    /// One generator for all prompts of a model: it holds the memory of what the model reads. Prompts of another model are completed
    /// first.
    /// </summary>
    public TextGenerator GeneratorOf(GptModel model, WeightDataType cacheType)
    {
        if (generator is null || this.model != model)
        {
            Complete();
            generator?.Dispose();
            generator = null;
            (generator, this.model) = (new TextGenerator(model, cacheType), model);
        }

        return generator;
    }

    /// <summary>Takes a prompt; completes it with those that wait when there are enough.</summary>
    public void Add(object target, CompletionRequest request)
    {
        waiting.Add(new(target, request));
        if (waiting.Count == Size)
            Complete();
    }

    /// <summary>Completes the prompts that wait.</summary>
    public void Complete()
    {
        if (waiting.Count == 0)
            return;
        var batch = waiting.ToArray();
        waiting.Clear();
        using var progress = Progress(batch.Sum(prompt => (long)prompt.Request.Options.MaxTokens), out var onToken);
        var results = generator!.CompleteAll([.. batch.Select(prompt => prompt.Request)], cmdlet.StopToken, onToken);
        for (var i = 0; i < batch.Length; i++)
        {
            var (completion, error) = results[i];
            cmdlet.Attempt(batch[i].Target, () => Write(completion ?? throw error!));
        }
    }

    /// <summary>Searches with beams, after the prompts that wait.</summary>
    public void Search(CompletionRequest request, int count)
    {
        Complete();
        using var progress = Progress(request.Options.MaxTokens, out var onToken);
        foreach (var completion in generator!.Search(request, count, cmdlet.StopToken, onToken))
            Write(completion);
    }

    public void Dispose() => generator?.Dispose();

    /// <summary>A stopped pipeline takes no more objects, so the host shows what was made.</summary>
    private void Write(Completion completion)
    {
        if (cmdlet.StopToken.IsCancellationRequested)
            cmdlet.Host.UI.WriteLine(completion.Echo ? completion.Text : completion.Prompt + completion.Text);
        else
            cmdlet.WriteObject(completion);
    }

    private ProgressReport Progress(long total, out Action<int> onToken)
    {
        var progress = new ProgressReport(cmdlet, "Completing", isOftenShort: true);
        onToken = count => progress.Update((double)count / total, () => $"{count} of at most {total} tokens");
        return progress;
    }

    /// <summary>Writes a completion in pieces as they are made, after the prompt where it asks for that.</summary>
    public void WritePieces(TextGenerator text, CompletionRequest request)
    {
        if (request.Options.Echo)
            cmdlet.WriteObject(request.Prompt);
        foreach (var token in text.Stream(request, cmdlet.StopToken))
        {
            if (token.Text.Length > 0)
                cmdlet.WriteObject(token.Text);
        }
    }

    /// <summary>A prompt that waits, with the object that its error names.</summary>
    private sealed record Prompt(object Target, CompletionRequest Request);
}
