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

    /// <summary>Takes such sentences about the tokenizer of the files, which do not matter to who gives the model another one.</summary>
    /// <remarks>Null leaves them to <see cref="Warn"/>.</remarks>
    public Action<string>? WarnOfTokenizer { get; init; }

    /// <summary>Takes the error of a tokenizer that cannot be read: the model comes without one. Null ends the reading by it.</summary>
    public Action<GptException>? TokenizerFailed { get; init; }

    /// <summary>The tokenizer that is given, or the one that the files bring.</summary>
    /// <param name="read">Reads that one; its argument takes warnings.</param>
    internal Tokenizer? TokenizerOr(Func<Action<string>, Tokenizer?> read)
    {
        if (Tokenizer is not null)
            return Tokenizer;
        try
        {
            return read(WarnOfTokenizer ?? Warn);
        }
        catch (GptException exception) when (TokenizerFailed is not null)
        {
            TokenizerFailed(exception);
            return null;
        }
    }
}
