using System.Management.Automation;
using PsGpt.Generation;
using PsGpt.Model;

namespace PsGpt.Commands;

/// <summary>Continues prompts with a model; the built-in one where none is given.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "GptCompletion", DefaultParameterSetName = PromptSet)]
[OutputType(typeof(Completion), typeof(string))]
public sealed class InvokeGptCompletionCommand : GptCmdlet
{
    private const string PromptSet = "Prompt";
    private const string ModelSet = "Model";

    private TextGenerator? generator;
    private GptModel? generatorModel;

    /// <summary>What to continue. Each string from the pipeline is a prompt of its own.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = PromptSet)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ModelSet)]
    [AllowEmptyString]
    [PromptTransformation]
    public string Prompt { get; set; } = "";

    /// <summary>The model; the built-in one unless it is given.</summary>
    [Parameter(ParameterSetName = PromptSet)]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ModelSet)]
    [ValidateNotNull]
    public GptModel? Model { get; set; }

    /// <summary>The most tokens to make.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxTokens { get; set; } = new SamplingOptions().MaxTokens;

    /// <summary>Below 1 the text is more predictable, above 1 more surprising; 0 always takes the likeliest token.</summary>
    [Parameter]
    public float Temperature { get; set; } = new SamplingOptions().Temperature;

    /// <summary>Takes only the likeliest so many tokens into account.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? TopK { get; set; }

    /// <summary>Takes only the likeliest tokens into account that together reach this probability, above 0 and at most 1.</summary>
    [Parameter]
    public float? TopP { get; set; }

    /// <summary>
    /// The same seed gives the same text; another one each time unless it is given. The n-th completion of a prompt has the
    /// seed + n, and each tells its own.
    /// </summary>
    [Parameter]
    public ulong? Seed { get; set; }

    /// <summary>How many completions of each prompt.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; } = 1;

    /// <summary>Writes the text in pieces as they are made, never half a character, instead of a <see cref="Completion"/>.</summary>
    [Parameter]
    public SwitchParameter Stream { get; set; }

    /// <inheritdoc/>
    protected override object? Target => Prompt;

    /// <inheritdoc/>
    protected override void Process()
    {
        var text = GeneratorOf(Model ?? BuiltInModelCache.Get());
        var seed = Seed ?? (ulong)Random.Shared.NextInt64();
        for (var i = 0; i < Count; i++)
        {
            var options = new SamplingOptions
            {
                MaxTokens = MaxTokens,
                Temperature = Temperature,
                TopK = TopK,
                TopP = TopP,
                Seed = unchecked(seed + (ulong)i),
            };
            if (Stream)
                WritePieces(text, options);
            else
                WriteObject(Complete(text, options));
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => generator?.Dispose();

    private void WritePieces(TextGenerator text, SamplingOptions options)
    {
        foreach (var token in text.Stream(Prompt, options, StopToken))
        {
            if (token.Text.Length > 0)
                WriteObject(token.Text);
        }
    }

    private Completion Complete(TextGenerator text, SamplingOptions options)
    {
        using var progress = new ProgressReport(this, "Completing", isOftenShort: true);
        var count = 0;
        var completion = text.Complete(Prompt, options, StopToken, token =>
            progress.Update((double)++count / MaxTokens, () => $"{count} of at most {MaxTokens} tokens"));
        StopToken.ThrowIfCancellationRequested();
        return completion;
    }

    /// <summary>One generator for all prompts of a model: it holds the memory of what the model reads.</summary>
    private TextGenerator GeneratorOf(GptModel model)
    {
        if (generator is null || generatorModel != model)
        {
            generator?.Dispose();
            generator = null;
            generator = new TextGenerator(model);
            generatorModel = model;
        }

        return generator;
    }
}
