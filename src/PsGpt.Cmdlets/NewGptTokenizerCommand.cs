using System.Management.Automation;
using PsGpt.Data;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>Makes a vocabulary from text.</summary>
[Cmdlet(VerbsCommon.New, "GptTokenizer", DefaultParameterSetName = TextSet)]
[OutputType(typeof(BytePairTokenizer), typeof(CharacterTokenizer))]
public sealed class NewGptTokenizerCommand : TextCmdlet, ITextSink
{
    private readonly BytePairTrainer bytePairs = new();
    private readonly CharacterTrainer characters = new();

    /// <summary>What the tokens are.</summary>
    [Parameter]
    public TokenizerKind Kind { get; set; } = TokenizerKind.BytePair;

    /// <summary>
    /// The number of tokens of a byte-pair vocabulary: 256 bytes, the merges, and the end of text. It becomes smaller where the
    /// text has not as many pairs that occur twice.
    /// </summary>
    [Parameter]
    [WholeNumber(257, 1 << 20)]
    public int VocabularySize { get; set; } = 1024;

    private protected override ITextSink Sink => this;

    /// <inheritdoc/>
    protected override void Begin()
    {
        if (Kind == TokenizerKind.Character && MyInvocation.BoundParameters.ContainsKey(nameof(VocabularySize)))
        {
            throw new GptException("VocabularySizeInvalid", GptErrorKind.InvalidArgument,
                "A character vocabulary is as large as the text has characters. Leave -VocabularySize out, or make one of byte pairs.");
        }
    }

    void ITextSink.BeginText(string? source)
    {
    }

    void ITextSink.Append(ReadOnlySpan<char> text)
    {
        if (Kind == TokenizerKind.Character)
            characters.Append(text);
        else
            bytePairs.Append(text);
    }

    void ITextSink.EndText()
    {
        if (Kind == TokenizerKind.Character)
            characters.EndText();
        else
            bytePairs.EndText();
    }

    // The parts before the fault are counted already; the next text must not continue them.
    void ITextSink.DropText() => ((ITextSink)this).EndText();

    /// <inheritdoc/>
    protected override void End()
    {
        base.End();
        if (!HasText)
            return;
        Tokenizer tokenizer = Kind == TokenizerKind.Character ? characters.Train() : bytePairs.Train(VocabularySize, StopToken);
        if (MyInvocation.BoundParameters.ContainsKey(nameof(VocabularySize)) && tokenizer.VocabularySize < VocabularySize)
            WriteWarning($"The text is too short for {VocabularySize:N0} tokens: it gives {tokenizer.VocabularySize:N0}.");
        WriteObject(tokenizer);
    }
}
