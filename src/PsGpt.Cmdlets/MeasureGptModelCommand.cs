using System.Management.Automation;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Commands;

/// <summary>Measures how much memory a model takes for weights, completion and training, and how fast it can write at best.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "GptModel")]
[OutputType(typeof(ModelFootprint))]
public sealed class MeasureGptModelCommand : GptCmdlet
{
    /// <summary>The model, its path or its name on the hub.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [ModelTransformation(IsReadOnly = true)]
    [ArgumentCompleter(typeof(ModelPathCompleter))]
    public GptModel? Model { get; set; }

    /// <summary>The rows of a training batch.</summary>
    [Parameter]
    [WholeNumber(1, 1 << 20)]
    public int BatchSize { get; set; } = 1;

    /// <summary>The length of the rows of a training batch, in tokens; the context unless it is given.</summary>
    [Parameter]
    [WholeNumber(1, 1 << 20)]
    public int? SequenceLength { get; set; }

    /// <summary>How completion keeps keys and values: Float32, BFloat16 or Q8_0.</summary>
    [Parameter]
    [WeightDataTypeTransformation(IsInMemory = true)]
    [ValidateSet("BF16", "BFloat16", "F32", "Float32", "Q8_0")]
    public WeightDataType CacheDataType { get; set; }

    /// <summary>
    /// Measures how fast this machine reads memory, which takes some hundred milliseconds, and what a token takes at least.
    /// </summary>
    [Parameter]
    public SwitchParameter Speed { get; set; }

    /// <inheritdoc/>
    protected override object? Target => Model;

    /// <inheritdoc/>
    protected override void Process()
    {
        if ((long)BatchSize * (SequenceLength ?? Model!.Configuration.ContextLength) > int.MaxValue)
        {
            throw new GptException("BatchTooLarge", GptErrorKind.LimitExceeded,
                $"A batch of {BatchSize} rows has more than {int.MaxValue} tokens. Give a smaller -BatchSize or -SequenceLength.");
        }

        WriteObject(ModelFootprint.Of(Model!, BatchSize, SequenceLength, Speed, CacheDataType, StopToken));
    }
}
