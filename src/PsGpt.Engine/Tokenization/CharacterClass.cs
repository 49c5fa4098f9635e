namespace PsGpt.Tokenization;

/// <summary>
/// What GPT's split patterns tell apart. Each code point is in one class, or in <see cref="LineBreak"/> and <see cref="Space"/>.
/// </summary>
[Flags]
internal enum CharacterClass : byte
{
    /// <summary>Half of a surrogate pair: only the whole code point has a class.</summary>
    Surrogate = 0,

    /// <summary><c>\p{Lu}\p{Lt}</c></summary>
    UpperLetter = 1,

    /// <summary><c>\p{Ll}</c></summary>
    LowerLetter = 2,

    /// <summary><c>\p{Lm}\p{Lo}</c>: letters without case.</summary>
    OtherLetter = 4,

    /// <summary><c>\p{L}</c></summary>
    Letter = UpperLetter | LowerLetter | OtherLetter,

    /// <summary><c>\p{M}</c></summary>
    Mark = 8,

    /// <summary><c>\p{N}</c></summary>
    Number = 16,

    /// <summary><c>\s</c></summary>
    Space = 32,

    /// <summary><c>[\r\n]</c></summary>
    LineBreak = 64,

    /// <summary>All the rest: punctuation, symbols, controls, what is not assigned.</summary>
    Other = 128,

    /// <summary><c>[^\s\p{L}\p{N}]</c></summary>
    Symbol = Mark | Other,
}
