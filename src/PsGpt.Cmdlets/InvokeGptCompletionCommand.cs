using System.Collections;
using System.Management.Automation;
using PsGpt.Generation;
using PsGpt.Model;
using PsGpt.Plugins;
using PsGpt.Tensors;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>
/// Continues prompts with a model; the built-in one where none is given. Prompts from the pipeline are completed eight at a time, in
/// their order, and the last ones when the input ends; with <c>-Stream</c> one after the other. Where a text fills the model's context,
/// the model continues from the last half of it, which takes as long as reading a prompt of that length.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "GptCompletion", DefaultParameterSetName = PromptSet)]
[OutputType(typeof(Completion), typeof(string))]
public sealed partial class InvokeGptCompletionCommand : GptCmdlet
{
    private const string PromptSet = "Prompt";
    private const string ModelSet = "Model";

    private readonly CompletionBatch batch;
    private readonly PromptReader prompts;
    private readonly ModelChoice choice;
    private IReadOnlyList<OwnSampler> samplers = [];
    private bool isSeedGiven;

    /// <summary>Makes the cmdlet.</summary>
    public InvokeGptCompletionCommand() =>
        (batch, prompts, choice) = (new CompletionBatch(this), new PromptReader(this), new ModelChoice(this));

    /// <summary>
    /// What to continue: text, tokens, a completion, a text file, a row with a property of that name, or several of them. Each is a
    /// prompt of its own. An empty text starts a new one.
    /// </summary>
    [Parameter(
        Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = PromptSet)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ModelSet)]
    [PromptTransformation]
    public object[] Prompt { get; set; } = [];

    /// <summary>
    /// The model, its path or its name on the hub; the built-in one unless it is given. The model of a path or name is kept for the
    /// next call, until one of its files, or what the hub has under the name, changes or another model is named.
    /// </summary>
    [Parameter(ParameterSetName = PromptSet)]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ModelSet)]
    [ValidateNotNull]
    [ModelTransformation(IsReadOnly = true)]
    [ArgumentCompleter(typeof(ModelPathCompleter))]
    public GptModel? Model { get; set; }

    /// <summary>The tokenizer that the model speaks instead of its own: the object, its name or the path of its file.</summary>
    [Parameter]
    [ValidateNotNull]
    [TokenizerTransformation]
    [ArgumentCompleter(typeof(TokenizerCompleter))]
    public Tokenizer? Tokenizer { get; set; }

    /// <summary>The maximum number of tokens to make; 256 unless it is given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [WholeNumber(EmptyIsNull = true)]
    public int? MaxTokens { get; set; }

    /// <summary>Rules the end of the text out until that many tokens were made.</summary>
    [Parameter]
    [WholeNumber]
    public int MinTokens { get; set; }

    /// <summary>Below 1 the text is more predictable, above 1 more surprising; 0 takes the likeliest token. The default is 0.8.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number(EmptyIsNull = true)]
    public float? Temperature { get; set; }

    /// <summary>Keeps only the k likeliest tokens.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [WholeNumber(EmptyIsNull = true)]
    public int? TopK { get; set; }

    /// <summary>Keeps only the likeliest tokens that together reach this probability, above 0 and at most 1.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number(EmptyIsNull = true)]
    public float? TopP { get; set; }

    /// <summary>Keeps only tokens of at least this share of the likeliest one's probability, 0 to 1.</summary>
    [Parameter]
    [Number]
    public float? MinP { get; set; }

    /// <summary>Keeps the tokens whose surprise is nearest to the average until they reach this probability, above 0, at most 1.</summary>
    [Parameter]
    [Number]
    public float? TypicalP { get; set; }

    /// <summary>Above 1 makes all tokens of prompt and text less likely; 1 changes nothing.</summary>
    [Parameter]
    [Number]
    public float? RepetitionPenalty { get; set; }

    /// <summary>Subtracted from the logit of a token for each time it was made; usually -2 to 2.</summary>
    [Parameter]
    [Number]
    public float FrequencyPenalty { get; set; }

    /// <summary>Subtracted from the logit of a token once it was made; usually -2 to 2.</summary>
    [Parameter]
    [Number]
    public float PresencePenalty { get; set; }

    /// <summary>No sequence of that many tokens comes twice, the prompt included.</summary>
    [Parameter]
    [WholeNumber]
    public int? NoRepeatNgramSize { get; set; }

    /// <summary>Numbers that are added to logits: <c>@{ ' the' = -5 }</c>, the keys being texts or token ids.</summary>
    [Parameter]
    public Hashtable? LogitBias { get; set; }

    /// <summary>Texts whose tokens never come. A word begins with its space within a text: give <c>'word', ' word'</c> for both.</summary>
    [Parameter]
    public string[]? Ban { get; set; }

    /// <summary>Texts that end the completion where one of them comes; they are not part of it.</summary>
    [Parameter]
    public string[]? StopString { get; set; }

    /// <summary>Rules out the tokens that end a text.</summary>
    [Parameter]
    public SwitchParameter IgnoreEndOfText { get; set; }

    /// <summary>Finds special tokens such as <c>&lt;|endoftext|&gt;</c> in a prompt; else they are plain text, with a warning.</summary>
    [Parameter]
    public SwitchParameter AllowSpecial { get; set; }

    /// <summary>
    /// The same seed gives the same text; another one each time unless it is given. The n-th completion of a prompt has the
    /// seed + n, and each reports its own.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SeedTransformation]
    public ulong? Seed { get; set; }

    /// <summary>How many completions of each prompt; they share the reading of it.</summary>
    [Parameter]
    [WholeNumber]
    public int Count { get; set; } = 1;

    /// <summary>Searches the likeliest text with so many beams instead of drawing; <c>-Count</c> gives the best of them.</summary>
    [Parameter]
    [WholeNumber]
    public int? BeamCount { get; set; }

    /// <summary>Keeps ln p of each token and of the five likeliest in its place; with <c>-Echo</c> also of the prompt.</summary>
    [Parameter]
    public SwitchParameter LogProbability { get; set; }

    /// <summary>Begins the text with the prompt.</summary>
    [Parameter]
    public SwitchParameter Echo { get; set; }

    /// <summary>Writes the text in pieces as they are made, never half a character, instead of a <see cref="Completion"/>.</summary>
    [Parameter]
    public SwitchParameter Stream { get; set; }

    /// <summary>Keeps only the end of a prompt that is longer than the context, instead of refusing it.</summary>
    [Parameter]
    public SwitchParameter TruncatePrompt { get; set; }

    /// <summary>Ends a completion after so many seconds with what was made.</summary>
    [Parameter]
    [Number]
    public double? TimeoutSeconds { get; set; }

    /// <summary>
    /// How keys and values of what was read are kept: Float32, BFloat16 in half of the memory, or Q8_0 in about a quarter. Of long texts
    /// they are a good part of what a token reads.
    /// </summary>
    [Parameter]
    [WeightDataTypeTransformation(IsInMemory = true)]
    [ValidateSet("BF16", "BFloat16", "F32", "Float32", "Q8_0")]
    public WeightDataType CacheDataType { get; set; }

    /// <summary>
    /// Samplers of one's own, applied before the temperature in the order in which they are given: names of registered samplers, and blocks
    /// <c>{ param($logits, $tokens) … }</c> that give new logits or change the array.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(SamplerCompleter))]
    public object[]? Sampler { get; set; }

    /// <summary>Values for the own parameters of registered samplers: <c>@{ Strength = 0.5 }</c>.</summary>
    [Parameter]
    [PluginParameterTransformation]
    public PluginValue[]? PluginParameter { get; set; }

    /// <inheritdoc/>
    protected override object? Target => Prompt.Length == 1 ? Prompt[0] : Prompt;

    /// <inheritdoc/>
    protected override void Begin()
    {
        isSeedGiven = MyInvocation.BoundParameters.ContainsKey(nameof(Seed));
        Require(Count >= 1, $"{Count} completions are asked for. Ask for 1 or more.");
        Require(!Stream || !LogProbability, "A stream of text has no place for log probabilities. Leave -Stream or -LogProbability out.");
        Require(BeamCount is null || Temperature is null, "A search with beams draws no tokens. Leave -Temperature or -BeamCount out.");
        samplers = SamplerChoice.From(Sampler ?? [], PluginParameter ?? []);
    }

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var prompt in Prompt)
            Attempt(prompt, () => Take(prompt));
    }

    /// <inheritdoc/>
    protected override void End()
    {
        batch.Complete();
        SpecialTokenWarning.Write(this, prompts.IgnoredSpecialTokens);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => batch.Dispose();

    private void Take(object prompt)
    {
        var model = choice.Of(Model, Tokenizer);
        var text = batch.GeneratorOf(model, CacheDataType);
        var seed = (isSeedGiven || prompt is not ContinuedText ? Seed : null) ?? (ulong)Random.Shared.NextInt64();
        var request = prompts.RequestOf(text, model, prompt, OptionsOf(model) with { Seed = seed });
        if (BeamCount is not null && !Stream)
        {
            batch.Search(request, Count);
            return;
        }

        for (var i = 0; i < Count; i++)
        {
            var one = request.WithSeed(unchecked(seed + (ulong)i));
            if (Stream)
                batch.WritePieces(text, one);
            else
                batch.Add(prompt, one);
        }
    }
}
