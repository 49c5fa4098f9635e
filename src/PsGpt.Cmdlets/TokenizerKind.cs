namespace PsGpt.Commands;

/// <summary>What the tokens of a vocabulary are.</summary>
public enum TokenizerKind
{
    /// <summary>Frequent sequences of bytes; writes any text.</summary>
    BytePair,

    /// <summary>The characters of the text; writes no others.</summary>
    Character,
}
