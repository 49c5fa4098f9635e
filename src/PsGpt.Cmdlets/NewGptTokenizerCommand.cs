using System.Management.Automation;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>Makes a vocabulary from text.</summary>
[Cmdlet(VerbsCommon.New, "GptTokenizer", DefaultParameterSetName = "Text")]
[OutputType(typeof(BytePairTokenizer), typeof(CharacterTokenizer))]
public sealed class NewGptTokenizerCommand : TextCmdlet
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
    [ValidateRange(257, 1 << 20)]
    public int VocabularySize { get; set; } = 1024;

    /// <inheritdoc/>
    protected override void Begin()
    {
        if (Kind == TokenizerKind.Character && MyInvocation.BoundParameters.ContainsKey(nameof(VocabularySize)))
        {
            throw new GptException("VocabularySizeInvalid", GptErrorKind.InvalidArgument,
                "A character vocabulary is as large as the text has characters. Leave -VocabularySize out, or make one of byte pairs.");
        }
    }

    /// <inheritdoc/>
    protected override void BeginText(string? source)
    {
    }

    /// <inheritdoc/>
    protected override void AppendText(ReadOnlySpan<char> text)
    {
        if (Kind == TokenizerKind.Character)
            characters.Append(text);
        else
            bytePairs.Append(text);
    }

    /// <inheritdoc/>
    protected override void EndText()
    {
        if (Kind == TokenizerKind.Character)
            characters.EndText();
        else
            bytePairs.EndText();
    }

    /// <inheritdoc/>
    protected override void End()
    {
        base.End();
        if (HasText)
            WriteObject(Kind == TokenizerKind.Character ? characters.Train() : bytePairs.Train(VocabularySize, StopToken));
    }
}
