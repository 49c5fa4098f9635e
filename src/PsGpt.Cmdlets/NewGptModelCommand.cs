using System.Management.Automation;
using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Tokenization;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>Makes a model to train from scratch, with GPT-2's initialisation.</summary>
[Cmdlet(VerbsCommon.New, "GptModel")]
[OutputType(typeof(GptModel))]
public sealed class NewGptModelCommand : GptCmdlet
{
    private static readonly RecipeModel Defaults = new();

    /// <summary>The tokenizer that the model will speak, its name or the path of its file.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [TokenizerTransformation]
    [ArgumentCompleter(typeof(TokenizerCompleter))]
    public Tokenizer? Tokenizer { get; set; }

    /// <summary>The number of layers.</summary>
    [Parameter]
    [WholeNumber(1)]
    public int LayerCount { get; set; } = Defaults.LayerCount;

    /// <summary>The number of attention heads; divides <see cref="ChannelCount"/>.</summary>
    [Parameter]
    [WholeNumber(1)]
    public int HeadCount { get; set; } = Defaults.HeadCount;

    /// <summary>The width of the model.</summary>
    [Parameter]
    [WholeNumber(1)]
    public int ChannelCount { get; set; } = Defaults.ChannelCount;

    /// <summary>The longest sequence that the model takes, in tokens.</summary>
    [Parameter]
    [WholeNumber(1)]
    public int ContextLength { get; set; } = Defaults.ContextLength;

    /// <summary>The number of token ids; the tokenizer's unless it is given, and never smaller.</summary>
    [Parameter]
    [WholeNumber(1)]
    public int? VocabularySize { get; set; }

    /// <summary>The non-linearity of the feed-forward part.</summary>
    [Parameter]
    public ActivationFunction Activation { get; set; } = Defaults.Activation;

    /// <summary>The share of values that training drops out, 0 to below 1.</summary>
    [Parameter]
    [Alias("DropoutRate")]
    [Number]
    public double Dropout { get; set; }

    /// <summary>Leaves the biases of norms and matrices out.</summary>
    [Parameter]
    public SwitchParameter NoBias { get; set; }

    /// <summary>Leaves the biases of queries, keys and values out, as gpt.py does.</summary>
    [Parameter]
    public SwitchParameter NoQueryKeyValueBias { get; set; }

    /// <summary>Gives the model a head of its own instead of the token embedding.</summary>
    [Parameter]
    public SwitchParameter UntiedHead { get; set; }

    /// <summary>Gives the head a bias, as gpt.py does; it needs <see cref="UntiedHead"/>.</summary>
    [Parameter]
    public SwitchParameter HeadBias { get; set; }

    /// <summary>
    /// The amplitude of the sines and cosines that the position embedding begins with, so that close positions are alike; 0 for random
    /// numbers, as in GPT-2.
    /// </summary>
    [Parameter]
    [Number]
    public double PositionAmplitude { get; set; }

    /// <summary>The same seed gives the same weights on every machine.</summary>
    [Parameter]
    [SeedTransformation]
    public ulong Seed { get; set; }

    /// <summary>The name of the model in lists.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "new";

    /// <inheritdoc/>
    protected override object? Target => Tokenizer;

    /// <inheritdoc/>
    protected override void Process()
    {
        var tokenizer = Tokenizer ?? TokenizerCatalog.Gpt2;
        var sizes = new RecipeModel
        {
            LayerCount = LayerCount,
            HeadCount = HeadCount,
            ChannelCount = ChannelCount,
            ContextLength = ContextLength,
            VocabularySize = VocabularySize,
            Activation = Activation,
            Dropout = (float)Dropout,
            NoBias = NoBias,
            NoQueryKeyValueBias = NoQueryKeyValueBias,
            UntiedHead = UntiedHead,
            HeadBias = HeadBias,
            PositionAmplitude = (float)PositionAmplitude,
        };
        using var progress = new ProgressReport(this, $"Making {Name}", isOftenShort: true);
        WriteObject(sizes.Create(tokenizer, Seed, Name, progress.Shares, StopToken));
    }
}
