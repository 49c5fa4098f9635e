using System.Management.Automation;
using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>Makes a model to train from scratch, with GPT-2's initialisation.</summary>
[Cmdlet(VerbsCommon.New, "GptModel")]
[OutputType(typeof(GptModel))]
public sealed class NewGptModelCommand : GptCmdlet
{
    /// <summary>The tokenizer that the model will speak, its name or the path of its file.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [TokenizerTransformation]
    [ArgumentCompleter(typeof(TokenizerCompleter))]
    public Tokenizer? Tokenizer { get; set; }

    /// <summary>The number of blocks.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int LayerCount { get; set; } = 4;

    /// <summary>The number of attention heads; divides <see cref="ChannelCount"/>.</summary>
    [Parameter]
    [ValidateRange(1, 65536)]
    public int HeadCount { get; set; } = 4;

    /// <summary>The width of the model.</summary>
    [Parameter]
    [ValidateRange(1, 65536)]
    public int ChannelCount { get; set; } = 128;

    /// <summary>The longest sequence that the model takes, in tokens.</summary>
    [Parameter]
    [ValidateRange(1, 1 << 20)]
    public int ContextLength { get; set; } = 256;

    /// <summary>The number of token ids; the tokenizer's unless it is given, and never smaller.</summary>
    [Parameter]
    [ValidateRange(1, 1 << 24)]
    public int? VocabularySize { get; set; }

    /// <summary>The non-linearity of the feed-forward part.</summary>
    [Parameter]
    public ActivationFunction Activation { get; set; } = ActivationFunction.GeluTanh;

    /// <summary>The share of values that training drops out, 0 to below 1.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    [Alias("DropoutRate")]
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

    /// <summary>The same seed gives the same weights on every machine.</summary>
    [Parameter]
    public ulong Seed { get; set; }

    /// <summary>What lists call the model.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "new";

    /// <inheritdoc/>
    protected override object? Target => Tokenizer;

    /// <inheritdoc/>
    protected override void Process() => WriteObject(Create(Tokenizer ?? TokenizerCatalog.Gpt2));

    /// <summary>Makes the model that the parameters describe.</summary>
    internal GptModel Create(Tokenizer tokenizer)
    {
        var configuration = new GptConfiguration
        {
            VocabularySize = VocabularySize ?? tokenizer.VocabularySize,
            ContextLength = ContextLength,
            LayerCount = LayerCount,
            HeadCount = HeadCount,
            ChannelCount = ChannelCount,
            Activation = Activation,
            Dropout = (float)Dropout,
            HasBias = !NoBias,
            HasQueryKeyValueBias = !NoQueryKeyValueBias,
            HasTiedHead = !UntiedHead,
            HasHeadBias = HeadBias,
        };
        return ModelInitializer.Create(configuration, tokenizer, Seed, Name);
    }
}
