namespace PsGpt.Tokenization;

/// <summary>
/// A token that was added to a vocabulary by hand. It is found in texts as a whole, before they are split
/// (Hugging Face's tokenizers, <c>AddedToken</c>).
/// </summary>
/// <param name="Text">Its text; not empty.</param>
/// <param name="Id">Its id.</param>
public sealed record AddedToken(string Text, int Id)
{
    /// <summary>
    /// Whether it controls the model, so that it is found only in texts that may contain it. Others are found in any text.
    /// </summary>
    public bool IsSpecial { get; init; } = true;

    /// <summary>Whether it is found only where no letter, digit or underscore stands beside it (<c>single_word</c>).</summary>
    public bool IsSingleWord { get; init; }

    /// <summary>Whether the white space in front of it belongs to it (<c>lstrip</c>).</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Whether the white space behind it belongs to it (<c>rstrip</c>).</summary>
    public bool StripsRight { get; init; }

    /// <summary>Whether it is looked for only in the text that tokens without this flag leave (<c>normalized</c>).</summary>
    public bool IsNormalized { get; init; }

    /// <summary>Whether its id is that of a byte or of a merge, so that other texts encode to it too.</summary>
    public bool IsMerged { get; init; }
}
