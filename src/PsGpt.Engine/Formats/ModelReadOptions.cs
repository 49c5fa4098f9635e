using PsGpt.Tensors;
using PsGpt.Tokenization;

namespace PsGpt.Formats;

/// <summary>How a model is read.</summary>
public sealed record ModelReadOptions
{
    /// <summary>The name of the format; null recognizes it by the content.</summary>
    public string? Format { get; init; }

    /// <summary>The tokenizer of the model; null takes the one that the files bring.</summary>
    public Tokenizer? Tokenizer { get; init; }

    /// <summary>How the model keeps its matrices: <c>Float32</c>, <c>BFloat16</c> or <c>Q8_0</c>, whatever the file has.</summary>
    public WeightDataType DataType { get; init; }

    /// <summary>Takes the share of the weights that has been read, 0 to 1, on any thread; may be null.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Takes a sentence for each thing that was assumed or left out, on the thread of the call.</summary>
    public Action<string> Warn { get; init; } = _ => { };
}
